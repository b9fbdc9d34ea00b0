"""Step decay at milestones."""

from bisect import bisect_right

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import NonNegative, NonNegativeInt, Positive
from base.exact_math import power


class MultiStepLR(PlannedScheduler):
    """lr * gamma^(how many milestones are reached). As torch.optim.lr_scheduler.MultiStepLR.

    milestones: the steps or epochs at which the rate is multiplied by gamma, in any order.
    gamma: the decay factor.
    interval: whether milestones count steps or epochs.
    min_lr: the lowest rate.

    >>> [MultiStepLR([2, 4], gamma=0.5).rate(1.0, done) for done in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(
        self,
        milestones: list[NonNegativeInt],
        gamma: Positive = 0.1,
        interval: Interval = "epoch",
        min_lr: NonNegative = 0.0,
    ) -> None:
        super().__init__(interval, min_lr)
        self.milestones = sorted(milestones)
        self.gamma = gamma

    def rate(self, base_lr: float, count: int) -> float:
        return base_lr * power(self.gamma, bisect_right(self.milestones, count))
