"""NaN and inf handling: stop, skip the step, or roll the epoch back."""

from typing import Literal

from base.errors import NotFinite
from base.state import State
from trainer.checkpoints.checkpoint import Checkpoint
from utils.config.trainer_settings import NonFinitePolicy

MOST_SKIPPED = 10  # in a row
SLOWER = 0.5
LOWEST_FACTOR = SLOWER**10

Action = Literal["stop", "skip", "back_off", "redo"]


class Recovery:
    """Chooses what becomes of a step whose numbers are not finite.

    Whether weights stay finite is known only after they changed. Then the epoch is done again from `start`, which gives
    the same numbers, up to that step, before which parameters and optimizer are kept ("redo"). `rate_factor` multiplies
    all learning rates; `skipped` counts the steps skipped in a row up to now.
    """

    def __init__(self, policy: NonFinitePolicy) -> None:
        self.policy = policy
        self.start: Checkpoint | None = None
        self.rate_factor = 1.0
        self.skipped = 0

    def choose(self, found: NotFinite) -> Action:
        """The action for a step, which is counted here; "stop" where the policy says so, or all else has failed."""
        if found.params_changed:
            return "redo"
        if self.policy == "skip" and self.skipped < MOST_SKIPPED:
            self.skipped += 1
            return "skip"
        if self.policy == "back_off" and self.rate_factor > LOWEST_FACTOR:
            self.rate_factor *= SLOWER
            return "back_off"
        return "stop"

    def within_epoch(self, checkpoint: Checkpoint) -> Checkpoint:
        """A checkpoint within an epoch, with all that is needed to roll back from later steps too."""
        return checkpoint.holding("start", self.start) if self.policy == "back_off" and self.start else checkpoint

    def state_dict(self) -> State:
        """All but the epoch's start, which only checkpoints within an epoch hold."""
        return {"rate_factor": self.rate_factor, "skipped": self.skipped}

    def load_state_dict(self, state: State) -> None:
        """Continue from a state, which may hold the epoch's start."""
        self.rate_factor, self.skipped = state.get("rate_factor", 1.0), state.get("skipped", 0)
        if "start" in state:
            self.start = Checkpoint.of(state["start"])

    def advice(self, lr: float) -> str:
        """Advice after a stop."""
        better = f"ry a lower rate (--lr {lr / 10:g}) or trainer.grad_clip"
        if self.policy == "skip":
            return f"The {MOST_SKIPPED} steps before it were skipped for the same reason, and no more are; t{better}"
        if self.policy == "back_off":
            return f"Learning rates were already times {self.rate_factor:g}, and go no lower; t{better}"
        return f"T{better}, or choose with trainer.on_nonfinite to go on"
