"""A published search, done again."""

from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.report import Search
from trainer.search.main import main
from trainer.search.plan import plan_search


@dataclass(frozen=True)
class Found:
    """Results of a search: settings as results.csv has them, the best first, and the folder of its pictures."""

    search: Search
    metric: str
    keys: list[str]
    rows: list[dict[str, str]]
    folder: Path

    @property
    def published_place(self) -> int | None:
        """The rank of the published setting, counted from 1."""
        chosen = self.search.chosen
        places = (
            place
            for place, row in enumerate(self.rows, start=1)
            if all(float(row[key]) == value for key, value in chosen.items())
        )
        return next(places, None)


def find(search: Search, folder: Path, overrides: Sequence[str]) -> Found:
    """Search what is not searched yet. Raises UserError where Optuna is not installed."""
    config, file = str(folder / f"{search.config}.json"), str(folder / f"{search.search}.json")
    plan = plan_search(config, file, overrides)
    results = plan.folder / "results.csv"
    if not results.is_file() or len(_rows(results)) < (plan.limit or 0):
        main(Namespace(config=config, search=file, overrides=list(overrides), storage=None))
    sign = -1 if plan.mode == "max" else 1
    done = [row for row in _rows(results) if row["state"] == "done"]
    done.sort(key=lambda row: sign * float(row[plan.metric]))
    return Found(search, plan.metric, list(plan.space.axes()), done, plan.folder)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
