"""NaN and inf handling: stop, skip the step, or roll the epoch back."""

from typing import Literal

from base.errors import NotFinite
from base.state import State
from trainer.checkpoints.checkpoint import Checkpoint
from utils.config.trainer_settings import NonFinitePolicy

MOST_SKIPPED = 10  # in a row
BACK_OFF = 0.5  # the learning rates are multiplied by this each time
LOWEST_FACTOR = BACK_OFF**10

Action = Literal["stop", "skip", "back_off", "redo"]


class Recovery:
    """The policy for steps whose numbers are not finite: it chooses, and the trainer acts.

    "skip" leaves the step out. "back_off" goes back to `start`, the state at the start of the epoch, with lower
    learning rates. "redo" is for parameters that have become nan or inf, which is known only after the optimizer has
    changed them: back to `start`, and through the same steps with the same numbers; the step is then done with a backup
    of parameters and optimizer, so that it can be undone and the policy applied. "stop" ends training.

    `rate_factor` multiplies all learning rates; `skipped` is the number of steps skipped in a row.
    """

    def __init__(self, policy: NonFinitePolicy) -> None:
        self.policy = policy
        self.start: Checkpoint | None = None
        self.rate_factor = 1.0
        self.skipped = 0

    def choose(self, event: NotFinite) -> Action:
        """Choose the action and count it; "stop" where the policy says so, or its limit is reached."""
        if event.params_changed:
            return "redo"
        if self.policy == "skip" and self.skipped < MOST_SKIPPED:
            self.skipped += 1
            return "skip"
        if self.policy == "back_off" and self.rate_factor > LOWEST_FACTOR:
            self.rate_factor *= BACK_OFF
            return "back_off"
        return "stop"

    def with_epoch_start(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint, holding the epoch's start where the policy may have to roll back to it."""
        return checkpoint.with_nested("start", self.start) if self.policy == "back_off" and self.start else checkpoint

    def state_dict(self) -> State:
        """All but the epoch's start, which `with_epoch_start` adds to checkpoints within an epoch."""
        return {"rate_factor": self.rate_factor, "skipped": self.skipped}

    def load_state_dict(self, state: State) -> None:
        """Restore from a state, which may hold the epoch's start."""
        self.rate_factor, self.skipped = state.get("rate_factor", 1.0), state.get("skipped", 0)
        if "start" in state:
            self.start = Checkpoint.of(state["start"])

    def advice(self, better: str) -> str:
        """Advice after a stop, of which `better` says what else to try."""
        if self.policy == "skip":
            return f"The {MOST_SKIPPED} steps before it were skipped for the same reason, and no more are; try {better}"
        if self.policy == "back_off":
            return f"Learning rates were already times {self.rate_factor:g}, and go no lower; try {better}"
        return f"Try {better}, or choose with trainer.on_nonfinite to go on"
