"""Rates that fall along a cosine."""

from math import pi

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import NonNegative, PositiveInt
from base.exact_math import cos


class CosineAnnealingLR(PlannedScheduler):
    """eta_min + (lr - eta_min) * (1 + cos(pi * count / T_max)) / 2. As torch.optim.lr_scheduler.CosineAnnealingLR.

    After T_max the rate rises again, as the cosine does. Loshchilov and Hutter, "SGDR", ICLR 2017.

    T_max: after how many steps or epochs the lowest rate is reached (null: the whole run).
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
    """CosineAnnealingLR from T_cur = 0 to T_i, again and again; each T_i is T_mult times the one before.

    As torch.optim.lr_scheduler.CosineAnnealingWarmRestarts. Loshchilov and Hutter, "SGDR", ICLR 2017.

    T_0: how many steps or epochs the first time lasts.
    T_mult: how many times as long the next one lasts.
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


def annealed(start: float, end: float, share: float) -> float:
    """The cosine from `start` to `end` after a share of the way, from 0 to 1."""
    return end + (start - end) * (1 + cos(pi * share)) / 2
