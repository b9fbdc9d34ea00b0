"""Polynomial decay."""

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import NonNegative, Positive, PositiveInt
from base.exact_math import power


class PolynomialLR(PlannedScheduler):
    """lr * (1 - min(count / total_iters, 1))^power. As torch.optim.lr_scheduler.PolynomialLR.

    total_iters: the number of steps or epochs until the rate is 0 (null: the whole run).
    power: the exponent; 1 is a straight line.
    interval: whether to count steps or epochs.
    min_lr: the lowest rate.
    """

    def __init__(
        self,
        total_iters: PositiveInt | None = 5,
        power: Positive = 1.0,
        interval: Interval = "epoch",
        min_lr: NonNegative = 0.0,
    ) -> None:
        super().__init__(interval, min_lr)
        self.total_iters = total_iters
        self.power = power

    def rate(self, base_lr: float, count: int) -> float:
        left = 1 - min(count / (self.total_iters or self.length), 1)
        return base_lr * power(left, self.power)
