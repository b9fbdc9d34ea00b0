"""Schedulers in sequence."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

from base.base_scheduler import BaseScheduler, Interval, steps_in
from base.constraints import Length, PositiveInt
from base.state import State


class SequentialLR(BaseScheduler):
    """The first scheduler up to the first milestone, the next one up to the next, and so on.

    Each counts from where it begins, and its length is the steps up to where it ends. As
    torch.optim.lr_scheduler.SequentialLR, except that a ReduceLROnPlateau may be among them: it observes the epochs
    that end while it is in charge.

    schedulers: the schedulers, in order.
    milestones: the steps or epochs at which each but the first begins, in ascending order.
    interval: whether milestones count steps or epochs.
    """

    def __init__(
        self,
        schedulers: Annotated[list[BaseScheduler], Length(1)],
        milestones: list[PositiveInt],
        interval: Interval = "epoch",
    ) -> None:
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"milestones must be one fewer than schedulers, as the first begins at once; there are "
                f"{len(milestones)} milestones and {len(schedulers)} schedulers"
            )
        if any(one >= next_one for one, next_one in pairwise(milestones)):
            raise ValueError(f"milestones must rise, got {milestones}")
        self.schedulers = schedulers
        self.milestones = milestones
        self.interval = interval
        self._starts = [0, *milestones]

    def bind(self, steps: int, steps_per_epoch: int) -> None:
        unit = steps_in(self.interval, steps_per_epoch)
        self._starts = [0, *(milestone * unit for milestone in self.milestones)]
        ends = [*self._starts[1:], steps]
        for scheduler, start, end in zip(self.schedulers, self._starts, ends, strict=True):
            scheduler.bind(max(min(end, steps) - start, 1), steps_per_epoch)

    def lr(self, base_lr: float, step: int) -> float:
        scheduler, start = self._at(step)
        return scheduler.lr(base_lr, step - start)

    def observe(self, record: Mapping[str, float], step: int) -> None:
        scheduler, start = self._at(step - 1)
        scheduler.observe(record, step - start)

    def state_dict(self) -> State:
        states = {str(index): scheduler.state_dict() for index, scheduler in enumerate(self.schedulers)}
        return {index: state for index, state in states.items() if state}

    def load_state_dict(self, state: State) -> None:
        for index, own in state.items():
            self.schedulers[int(index)].load_state_dict(own)

    def _at(self, step: int) -> tuple[BaseScheduler, int]:
        """The scheduler in charge of a step, and the step at which it began."""
        index = bisect_right(self._starts, step) - 1
        return self.schedulers[index], self._starts[index]
