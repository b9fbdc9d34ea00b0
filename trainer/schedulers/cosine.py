"""Cosine annealing, also with warm restarts."""

from math import pi

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import NonNegative, PositiveInt
from base.exact_math import cos


class CosineAnnealingLR(PlannedScheduler):
    """eta_min + (lr - eta_min) * (1 + cos(pi * count / T_max)) / 2. As torch.optim.lr_scheduler.CosineAnnealingLR.

    After T_max the rate rises again, as the cosine does. Loshchilov and Hutter, "SGDR", ICLR 2017.

    T_max: the number of steps or epochs until the lowest rate (null: the whole run).
    eta_min: the lowest rate.
    interval: whether to count steps or epochs.
    """

    def __init__(
        self,
        T_max: PositiveInt | None = None,  # noqa: N803  (PyTorch's name)
        eta_min: NonNegative = 0.0,
        interval: Interval = "epoch",
    ) -> None:
        super().__init__(interval)
        self.T_max = T_max
        self.eta_min = eta_min

    def rate(self, base_lr: float, count: int) -> float:
        return annealed(base_lr, self.eta_min, count / (self.T_max or self.length))


class CosineWarmRestarts(PlannedScheduler):
    """CosineAnnealingLR over periods of T_0, T_0 * T_mult, T_0 * T_mult^2, ... steps or epochs, each from lr.

    As torch.optim.lr_scheduler.CosineAnnealingWarmRestarts. Loshchilov and Hutter, "SGDR", ICLR 2017.

    T_0: the number of steps or epochs of the first period.
    T_mult: the factor by which each period is longer than the one before.
    eta_min: the lowest rate.
    interval: whether to count steps or epochs.
    """

    def __init__(
        self,
        T_0: PositiveInt,  # noqa: N803  (PyTorch's name)
        T_mult: PositiveInt = 1,  # noqa: N803
        eta_min: NonNegative = 0.0,
        interval: Interval = "epoch",
    ) -> None:
        super().__init__(interval)
        self.T_0 = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min

    def rate(self, base_lr: float, count: int) -> float:
        since, period = count, self.T_0
        if self.T_mult == 1:
            since %= period
        while since >= period:
            since, period = since - period, period * self.T_mult
        return annealed(base_lr, self.eta_min, since / period)


def annealed(start: float, end: float, fraction: float) -> float:
    """The value of a cosine from `start` to `end` at a fraction of the way, from 0 to 1."""
    return end + (start - end) * (1 + cos(pi * fraction)) / 2
