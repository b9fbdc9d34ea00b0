"""How the learning rate changes while training."""

from abc import ABC, abstractmethod
from typing import Literal

from base.constraints import NonNegative

Interval = Literal["step", "epoch"]


class BaseScheduler(ABC):
    """A learning rate that is a pure function of how many steps, or epochs, are done.

    Being a function of the count it has no state to save, and can be drawn before anything is trained.
    """

    def __init__(self, interval: Interval, min_lr: NonNegative) -> None:
        self.interval = interval
        self.min_lr = min_lr

    def lr(self, base_lr: float, step: int, epoch: int) -> float:
        """The rate for the step after `step` steps and `epoch` epochs are done; never below `min_lr`."""
        return max(self.min_lr, base_lr * self.factor(step if self.interval == "step" else epoch))

    @abstractmethod
    def factor(self, count: int) -> float:
        """What the optimizer's own rate is multiplied by after `count` steps or epochs."""
