"""The best epoch so far, and early stopping."""

import math
from dataclasses import dataclass

from base.state import State


@dataclass
class Monitor:
    """The best value of one metric of the log (`mode` "max" or "min"), and early stopping by it.

    Only a strictly better value is an improvement, and nan never is. `should_stop` becomes true after `patience` epochs
    in a row without improvement: with patience 3 and its best value in epoch 5, training ends after epoch 8. None never
    stops. With `mode` "off" no epoch is the best, and nothing stops early.
    """

    mode: str
    metric: str
    patience: int | None
    best: float | None = None
    best_epoch: int | None = None
    epochs_since_best: int = 0

    def update(self, epoch: int, record: dict[str, float]) -> bool:
        """Take in an epoch's metrics; returns True if the epoch is the best so far."""
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
        """True if there was no improvement for `patience` epochs."""
        return self.patience is not None and self.mode != "off" and self.epochs_since_best >= self.patience

    def state_dict(self) -> State:
        """The best value, its epoch, and the epochs since."""
        return {"best": self.best, "best_epoch": self.best_epoch, "stale": self.epochs_since_best}

    def load_state_dict(self, state: State) -> None:
        """Restore the state of a run that is continued."""
        self.best, self.best_epoch, self.epochs_since_best = state["best"], state["best_epoch"], state["stale"]

    def _better(self, value: float, than: float) -> bool:
        return value > than if self.mode == "max" else value < than
