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

    To patience, an improvement is one by more than `min_delta` over `reference`, the last value that was such an
    improvement (as Keras' and Lightning's EarlyStopping); many small ones count together. The best epoch is the best
    by however little.
    """

    mode: str
    metric: str
    patience: int | None
    min_delta: float = 0.0
    best: float | None = None
    best_epoch: int | None = None
    reference: float | None = None
    epochs_without_improvement: int = 0

    def update(self, epoch: int, record: dict[str, float]) -> bool:
        """Take in an epoch's metrics; returns True if the epoch is the best so far."""
        if self.mode == "off":
            return False
        value = record[self.metric]
        if self._better(value, self.reference, self.min_delta):
            self.reference, self.epochs_without_improvement = value, 0
        else:
            self.epochs_without_improvement += 1
        improved = self._better(value, self.best)
        if improved:
            self.best, self.best_epoch = value, epoch
        return improved

    @property
    def should_stop(self) -> bool:
        """True if there was no improvement for `patience` epochs."""
        return self.patience is not None and self.mode != "off" and self.epochs_without_improvement >= self.patience

    @property
    def shortfall(self) -> str:
        """The improvement that patience waited for in vain, for messages."""
        by = f" by more than {self.min_delta:g}" if self.min_delta else ""
        return f"{self.metric} has not improved{by} for {self.epochs_without_improvement} epochs"

    def state_dict(self) -> State:
        """The best value, its epoch, the epochs without improvement, and what they are measured by."""
        state = {"best": self.best, "best_epoch": self.best_epoch, "stale": self.epochs_without_improvement}
        return state | ({"reference": self.reference} if self.min_delta else {})  # else it is the best value

    def load_state_dict(self, state: State) -> None:
        """Restore the state of a run that is continued."""
        self.best, self.best_epoch, self.epochs_without_improvement = state["best"], state["best_epoch"], state["stale"]
        self.reference = state.get("reference", self.best)

    def _better(self, value: float, than: float | None, by: float = 0.0) -> bool:
        if than is None or math.isnan(value):
            return not math.isnan(value)
        return value - by > than if self.mode == "max" else value + by < than
