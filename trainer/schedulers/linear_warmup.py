"""Linear warm-up before another scheduler."""

from collections.abc import Mapping
from typing import Annotated

from base.base_scheduler import BaseScheduler, Interval, steps_in
from base.constraints import PositiveInt, Range
from base.state import State
from trainer.schedulers.constant import ConstantLR


class LinearWarmup(BaseScheduler):
    """A linear rise to the first rate of another scheduler, which begins when the rise is over.

    lr(t) = f (start_factor + (1 - start_factor) t / total_iters) for t = 0, 1, ..., total_iters - 1, with f the other
    scheduler's first rate. So the first step or epoch has start_factor f, the last of the warm-up not yet f, and the
    next one f: from t = total_iters on the rate is the other scheduler's, which counts from there, and whose length is
    the rest of the run. Where t counts epochs, all steps of an epoch have one rate.

    As PyTorch's SequentialLR of LinearLR(start_factor, end_factor=1, total_iters) and another scheduler, with
    total_iters as the milestone; but LinearLR rises to the base rate, also where the other scheduler begins elsewhere.
    Goyal et al., "Accurate, Large Minibatch SGD", 2017.

    total_iters: the number of steps or epochs of the warm-up.
    scheduler: the scheduler after it; by default the rate is constant.
    start_factor: the factor of the first step or epoch, above 0 and up to 1.
    interval: whether total_iters counts steps or epochs.
    """

    def __init__(
        self,
        total_iters: PositiveInt,
        scheduler: BaseScheduler = ConstantLR(factor=1.0),
        start_factor: Annotated[float, Range(gt=0, le=1)] = 1 / 3,
        interval: Interval = "epoch",
    ) -> None:
        self.total_iters = total_iters
        self.scheduler = scheduler
        self.start_factor = start_factor
        self.interval = interval
        self._unit = 1

    @property
    def end(self) -> int:
        """The step at which the other scheduler begins."""
        return self.total_iters * self._unit

    def bind(self, steps: int, steps_per_epoch: int) -> None:
        self._unit = steps_in(self.interval, steps_per_epoch)
        self.scheduler.bind(max(steps - self.end, 1), steps_per_epoch)

    def lr(self, base_lr: float, step: int) -> float:
        if step >= self.end:
            return self.scheduler.lr(base_lr, step - self.end)
        fraction = step // self._unit / self.total_iters
        return self.scheduler.lr(base_lr, 0) * (self.start_factor + (1 - self.start_factor) * fraction)

    def observe(self, record: Mapping[str, float], step: int) -> None:
        if step > self.end:
            self.scheduler.observe(record, step - self.end)

    def state_dict(self) -> State:
        return self.scheduler.state_dict()

    def load_state_dict(self, state: State) -> None:
        self.scheduler.load_state_dict(state)
