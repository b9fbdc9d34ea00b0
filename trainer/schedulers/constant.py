"""A constant factor for the first steps or epochs."""

from typing import Annotated

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import PositiveInt, Range


class ConstantLR(PlannedScheduler):
    """lr * factor for the first total_iters steps or epochs, then lr. As torch.optim.lr_scheduler.ConstantLR.

    factor: the factor, from 0 to 1.
    total_iters: the number of steps or epochs with the factor.
    interval: whether to count steps or epochs.
    """

    def __init__(
        self,
        factor: Annotated[float, Range(ge=0, le=1)] = 1 / 3,
        total_iters: PositiveInt = 5,
        interval: Interval = "epoch",
    ) -> None:
        super().__init__(interval)
        self.factor = factor
        self.total_iters = total_iters

    def rate(self, base_lr: float, count: int) -> float:
        return base_lr * (self.factor if count < self.total_iters else 1)
