"""The schedulers; a new one is one row."""

from dataclasses import dataclass

from base.base_scheduler import BaseScheduler
from tests.cases.case import Case


@dataclass(frozen=True)
class SchedulerCase(Case):
    """A scheduler, and whether PyTorch has the same."""

    in_torch: bool = True

    def make(self) -> BaseScheduler:
        """The scheduler."""
        scheduler: BaseScheduler = self.built(BaseScheduler)
        return scheduler


CASES = [
    SchedulerCase("MultiStepLR", {"milestones": [3, 7, 12]}),
    SchedulerCase("MultiStepLR", {"milestones": [12, 0, 3, 3], "gamma": 0.5}),
    SchedulerCase("MultiStepLR", {"milestones": []}),
    SchedulerCase("ExponentialLR", {"gamma": 0.9}),
    SchedulerCase("ExponentialLR", {"gamma": 1.05}),
]
