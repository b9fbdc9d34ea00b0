"""Step decay."""

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import NonNegative, Positive, PositiveInt
from base.exact_math import power


class StepLR(PlannedScheduler):
    """lr * gamma^floor(count / step_size). As torch.optim.lr_scheduler.StepLR.

    step_size: the number of steps or epochs between two decays.
    gamma: the decay factor.
    interval: whether to count steps or epochs.
    min_lr: the lowest rate.
    """

    def __init__(
        self, step_size: PositiveInt, gamma: Positive = 0.1, interval: Interval = "epoch", min_lr: NonNegative = 0.0
    ) -> None:
        super().__init__(interval, min_lr)
        self.step_size = step_size
        self.gamma = gamma

    def rate(self, base_lr: float, count: int) -> float:
        return base_lr * power(self.gamma, count // self.step_size)
