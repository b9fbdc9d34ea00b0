"""A rate that falls by the same factor again and again."""

from base.base_scheduler import BaseScheduler, Interval
from base.constraints import NonNegative, Positive


class ExponentialLR(BaseScheduler):
    """lr * gamma^count. As torch.optim.lr_scheduler.ExponentialLR.

    gamma: what the rate is multiplied by after each step or epoch.
    interval: whether to count steps or epochs.
    min_lr: the lowest rate.
    """

    def __init__(self, gamma: Positive, interval: Interval = "epoch", min_lr: NonNegative = 0.0) -> None:
        super().__init__(interval, min_lr)
        self.gamma = gamma

    def factor(self, count: int) -> float:
        return float(self.gamma**count)
