"""Every scheduler gives PyTorch's rates, as a pure function of the count."""

import numpy as np
import pytest

from base.base_scheduler import BaseScheduler
from tests.cases.case import Case
from tests.cases.schedulers import CASES, SchedulerCase
from tests.reference.stored import stored

every_scheduler = pytest.mark.parametrize("case", CASES, ids=str)


def with_args(case: SchedulerCase, **args: object) -> BaseScheduler:
    scheduler: BaseScheduler = Case(case.kind, dict(case.args) | args).built(BaseScheduler)
    return scheduler


@pytest.mark.parametrize("case", [case for case in CASES if case.in_torch], ids=str)
def test_rates_are_those_of_torch(case: SchedulerCase) -> None:
    expected = stored("schedulers", case)["rates"]
    scheduler = case.make()
    found = [scheduler.lr(0.8, step=99, epoch=epoch) for epoch in range(len(expected))]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


@every_scheduler
def test_counting_steps_gives_the_same_rates_as_counting_epochs(case: SchedulerCase) -> None:
    by_step, by_epoch = with_args(case, interval="step"), with_args(case, interval="epoch")
    for count in (0, 1, 7, 20):
        assert by_step.lr(0.8, step=count, epoch=3) == by_epoch.lr(0.8, step=5, epoch=count)


@every_scheduler
def test_a_rate_depends_on_the_count_alone(case: SchedulerCase) -> None:
    scheduler = case.make()
    forth = [scheduler.lr(0.8, 0, count) for count in range(20)]
    back = [scheduler.lr(0.8, 0, count) for count in reversed(range(20))]
    assert forth == back[::-1]


@every_scheduler
def test_the_rate_never_falls_below_the_lowest(case: SchedulerCase) -> None:
    free, bounded = case.make(), with_args(case, min_lr=0.3)
    for count in range(20):
        assert bounded.lr(0.8, 0, count) == max(0.3, free.lr(0.8, 0, count))


def test_milestones_are_reached_in_the_epoch_after_as_many_are_done() -> None:
    scheduler: BaseScheduler = Case("MultiStepLR", {"milestones": [2], "gamma": 0.5}).built(BaseScheduler)
    assert [scheduler.lr(1.0, 0, epoch) for epoch in (0, 1, 2, 3)] == [1.0, 1.0, 0.5, 0.5]
