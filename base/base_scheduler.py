"""Learning rate schedulers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Literal

from base.constraints import NonNegative
from base.state import State

Interval = Literal["step", "epoch"]


class BaseScheduler(ABC):
    """The learning rate of every step of a run.

    Steps are counted from 0, where the scheduler begins. An argument called `figure`, at any depth, names a figure of
    the log; the config check makes sure that it exists.
    """

    @abstractmethod
    def bind(self, steps: int, steps_per_epoch: int) -> None:
        """Set the run's length: total steps and steps per epoch."""

    @abstractmethod
    def lr(self, base_lr: float, step: int) -> float:
        """The rate of step number `step`, from 0; `base_lr` is the optimizer's."""

    def observe(self, record: Mapping[str, float], step: int) -> None:  # noqa: B027 (most schedules ignore results)
        """Take in an epoch's metrics, after `step` steps; only schedulers such as ReduceLROnPlateau use them."""

    def state_dict(self) -> State:
        """The state that rates depend on beside the step; empty where they are known before training."""
        return {}

    def load_state_dict(self, state: State) -> None:  # noqa: B027
        """Restore a state."""


class PlannedScheduler(BaseScheduler):
    """A learning rate that is a function of the number of steps, or epochs, done; `length` is their total number."""

    def __init__(self, interval: Interval, min_lr: NonNegative = 0.0) -> None:
        self.interval = interval
        self.min_lr = min_lr
        self.length = 1
        self._unit = 1

    @abstractmethod
    def rate(self, base_lr: float, count: int) -> float:
        """The rate after `count` steps or epochs, not yet bounded by `min_lr`."""

    def bind(self, steps: int, steps_per_epoch: int) -> None:
        self._unit = steps_in(self.interval, steps_per_epoch)
        self.length = -(-steps // self._unit)

    def lr(self, base_lr: float, step: int) -> float:
        return max(self.min_lr, self.rate(base_lr, step // self._unit))


def steps_in(interval: Interval, steps_per_epoch: int) -> int:
    """The number of steps in an interval."""
    return 1 if interval == "step" else steps_per_epoch
