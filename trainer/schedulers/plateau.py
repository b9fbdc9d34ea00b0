"""Reduction of the learning rate on a plateau."""

from collections.abc import Mapping
from math import inf
from typing import Literal

from base.base_scheduler import BaseScheduler
from base.constraints import Fraction, NonNegative, NonNegativeInt
from base.state import State


class ReduceLROnPlateau(BaseScheduler):
    """lr * factor, again after each `patience` + 1 epochs without improvement. As torch's ReduceLROnPlateau.

    An epoch is an improvement if its figure is below best * (1 - threshold) or best - threshold; with mode max, above
    best * (1 + threshold) or best + threshold. The figure is observed after every epoch, and a
    reduction takes effect in the next.

    figure: the figure of the log to watch, whatever trainer.monitor watches.
    mode: whether lower or higher figures are better.
    factor: the factor of a reduction.
    patience: the number of epochs in a row without improvement that are allowed.
    threshold: the least improvement that counts.
    threshold_mode: whether the threshold is relative to the best figure (rel) or a difference (abs).
    cooldown: the number of epochs after a reduction that are not counted.
    min_lr: the lowest rate.
    eps: reductions by no more than this are not made.
    """

    def __init__(
        self,
        figure: str = "val_loss",
        mode: Literal["min", "max"] = "min",
        factor: Fraction = 0.1,
        patience: NonNegativeInt = 10,
        threshold: NonNegative = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: NonNegativeInt = 0,
        min_lr: NonNegative = 0.0,
        eps: NonNegative = 1e-8,
    ) -> None:
        self.figure = figure
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.eps = eps
        self.best: float | None = None
        self.reductions = self.bad_epochs = self.cooling = 0

    def bind(self, steps: int, steps_per_epoch: int) -> None:
        """Nothing: the length of the run does not matter."""

    def lr(self, base_lr: float, step: int) -> float:
        rate = base_lr
        for _ in range(self.reductions):
            lower = max(rate * self.factor, self.min_lr)
            if rate - lower <= self.eps:
                break
            rate = lower
        return rate

    def observe(self, record: Mapping[str, float], step: int) -> None:
        value = record[self.figure]
        if self._is_better(value):
            self.best, self.bad_epochs = value, 0
        else:
            self.bad_epochs += 1
        if self.cooling:
            self.cooling, self.bad_epochs = self.cooling - 1, 0
        if self.bad_epochs > self.patience:
            self.reductions += 1
            self.cooling, self.bad_epochs = self.cooldown, 0

    def state_dict(self) -> State:
        return {
            "best": self.best,
            "reductions": self.reductions,
            "bad_epochs": self.bad_epochs,
            "cooling": self.cooling,
        }

    def load_state_dict(self, state: State) -> None:
        self.best, self.reductions = state["best"], state["reductions"]
        self.bad_epochs, self.cooling = state["bad_epochs"], state["cooling"]

    def _is_better(self, value: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        if self.best is None:
            return sign * value > -inf
        if self.threshold_mode == "rel":
            return sign * value > sign * self.best * (1 + sign * self.threshold)
        return sign * value > sign * self.best + self.threshold
