"""The best epoch so far, and early stopping."""

import math
from dataclasses import dataclass

from base.state import State


@dataclass
class Monitor:
    """Watches one metric of the log: `mode` is "max", "min" or "off".

    Only a strictly better value counts as an improvement. After `patience` epochs in a row without one, training
    should stop: with patience 3, after the third.
    """

    mode: str
    metric: str
    patience: int | None
    best: float | None = None
    best_epoch: int | None = None
    epochs_since_best: int = 0

    def judge(self, epoch: int, record: dict[str, float]) -> bool:
        """Take in an epoch's figures; whether it is the best so far."""
        if self.mode == "off":
            return False
        value = record[self.metric]
        improved = not math.isnan(value) and (self.best is None or self._better(value, self.best))
        if improved:
            self.best, self.best_epoch, self.epochs_since_best = value, epoch, 0
        else:
            self.epochs_since_best += 1
        return improved

    @property
    def should_stop(self) -> bool:
        """True if patience has run out."""
        return self.patience is not None and self.mode != "off" and self.epochs_since_best >= self.patience

    def state_dict(self) -> State:
        """The best value, its epoch, and the epochs since."""
        return {"best": self.best, "best_epoch": self.best_epoch, "stale": self.epochs_since_best}

    def load_state_dict(self, state: State) -> None:
        """Continue from a state."""
        self.best, self.best_epoch, self.epochs_since_best = state["best"], state["best_epoch"], state["stale"]

    def _better(self, value: float, than: float) -> bool:
        return value > than if self.mode == "max" else value < than
