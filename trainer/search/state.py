"""The state of a search in a file, for other programs."""

from __future__ import annotations

import json
from typing import Literal

from trainer.search.plan import SearchPlan
from utils.files import replace_text

FILE = "state.json"
State = Literal["running", "done", "stopped"]


def write_state(plan: SearchPlan, state: State) -> None:
    """Write `state.json`: the state, the goal, and how many settings there will be (None: as many as time allows).

    A search that says it is running, and in whose folder nothing changes, was killed. Raises WriteError.
    """
    held = {"state": state, "mode": plan.mode, "metric": plan.metric, "settings": plan.limit}
    replace_text(plan.folder / FILE, json.dumps(held, indent=2) + "\n")
