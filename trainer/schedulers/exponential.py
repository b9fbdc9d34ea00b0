"""Exponential decay."""

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import NonNegative, Positive
from base.exact_math import power


class ExponentialLR(PlannedScheduler):
    """lr * gamma^count. As torch.optim.lr_scheduler.ExponentialLR.

    gamma: the decay factor of each step or epoch.
    interval: whether to count steps or epochs.
    min_lr: the lowest rate.
    """

    def __init__(self, gamma: Positive, interval: Interval = "epoch", min_lr: NonNegative = 0.0) -> None:
        super().__init__(interval, min_lr)
        self.gamma = gamma

    def rate(self, base_lr: float, count: int) -> float:
        return base_lr * power(self.gamma, count)
