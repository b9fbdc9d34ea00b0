"""Inverse time decay."""

from base.base_scheduler import Interval, PlannedScheduler
from base.constraints import NonNegative


class InverseTimeLR(PlannedScheduler):
    """lr / (1 + decay * count). As tf.keras.optimizers.schedules.InverseTimeDecay with decay_steps = 1.

    decay: the decay rate: after 1 / decay steps or epochs half of lr is left.
    interval: whether to count steps or epochs.
    min_lr: the lowest rate.
    """

    def __init__(self, decay: NonNegative, interval: Interval = "epoch", min_lr: NonNegative = 0.0) -> None:
        super().__init__(interval, min_lr)
        self.decay = decay

    def rate(self, base_lr: float, count: int) -> float:
        return base_lr / (1 + self.decay * count)
