"""How the learning rate changes while training."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal

from base.constraints import NonNegative

Interval = Literal["step", "epoch"]


class BaseScheduler(ABC):
    """The learning rate of every step of a run.

    Its clock counts steps, from 0 where it begins. An argument called `figure`, at any depth, names a figure of the
    log, and the config check sees that there is one.
    """

    @abstractmethod
    def bind(self, steps: int, steps_per_epoch: int) -> None:
        """Be told how many steps there will be, and how many of them are an epoch."""

    @abstractmethod
    def lr(self, base_lr: float, step: int) -> float:
        """The rate for the step after `step` steps are done; `base_lr` is the optimizer's own."""

    @abstractmethod
    def observe(self, record: Mapping[str, float], step: int) -> None:
        """Be told an epoch's figures, after `step` steps."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps; empty where the rate depends on the step alone, so can be known before training."""

    @abstractmethod
    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what a checkpoint kept."""


class PlannedScheduler(BaseScheduler):
    """A learning rate that is a pure function of how many steps, or epochs, are done.

    `length` is how many of them there will be.
    """

    def __init__(self, interval: Interval, min_lr: NonNegative = 0.0) -> None:
        self.interval = interval
        self.min_lr = min_lr
        self.length = 1
        self._unit = 1

    @abstractmethod
    def rate(self, base_lr: float, count: int) -> float:
        """The rate after `count` steps or epochs, before `min_lr` is looked at."""

    def bind(self, steps: int, steps_per_epoch: int) -> None:
        self._unit = steps_in(self.interval, steps_per_epoch)
        self.length = -(-steps // self._unit)

    def lr(self, base_lr: float, step: int) -> float:
        return max(self.min_lr, self.rate(base_lr, step // self._unit))

    def observe(self, record: Mapping[str, float], step: int) -> None:
        """Nothing: results have no influence."""

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Nothing: there is no state."""


def steps_in(interval: Interval, steps_per_epoch: int) -> int:
    """How many steps an interval has."""
    return 1 if interval == "step" else steps_per_epoch
