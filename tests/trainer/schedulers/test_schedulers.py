"""Every scheduler gives PyTorch's rates, on a clock of steps or of epochs."""

from collections.abc import Iterable
from inspect import signature

import numpy as np
import pytest

from base.base_scheduler import BaseScheduler, PlannedScheduler
from tests.cases.case import Case
from tests.cases.schedulers import CASES, FIGURES, SchedulerCase
from tests.reference.stored import stored
from utils.config.annotations import kind_of
from utils.config.messages import Mistake

PLANNED = [case for case in CASES if not case.make().state_dict()]


def planned_with(argument: str) -> list[SchedulerCase]:
    """The rows of those that are functions of a count and take this argument, without it."""
    scheduled = [(case, case.make()) for case in PLANNED if argument not in case.args]
    return [
        case
        for case, made in scheduled
        if isinstance(made, PlannedScheduler) and argument in signature(type(made)).parameters
    ]


def with_args(case: SchedulerCase, **args: object) -> BaseScheduler:
    scheduler: BaseScheduler = Case(case.kind, dict(case.args) | args).built(BaseScheduler)
    return scheduler


def trained(scheduler: BaseScheduler, figures: Iterable[float] = FIGURES) -> list[float]:
    """The rates of a run of an epoch a figure, a step each."""
    rates = []
    for epoch, figure in enumerate(figures):
        rates.append(scheduler.lr(0.8, epoch))
        scheduler.observe({"val_loss": figure}, epoch + 1)
    return rates


@pytest.mark.parametrize("case", [case for case in CASES if case.in_torch], ids=str)
def test_rates_are_those_of_torch(case: SchedulerCase) -> None:
    expected = stored("schedulers", case)["rates"]
    np.testing.assert_allclose(trained(case.make()), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("case", planned_with("interval"), ids=str)
def test_a_clock_of_epochs_stands_still_within_them(case: SchedulerCase) -> None:
    by_epoch, by_step = case.make(), case.make()
    by_epoch.bind(7 * len(FIGURES), 7)
    for epoch in range(20):
        assert {by_epoch.lr(0.8, 7 * epoch + step) for step in range(7)} == {by_step.lr(0.8, epoch)}


@pytest.mark.parametrize("case", planned_with("interval"), ids=str)
def test_counting_steps_gives_the_same_rates_as_counting_epochs(case: SchedulerCase) -> None:
    by_step, by_epoch = with_args(case, interval="step"), case.make()
    by_step.bind(len(FIGURES), 7)
    assert trained(by_step) == trained(by_epoch)


@pytest.mark.parametrize("case", PLANNED, ids=str)
def test_a_planned_rate_depends_on_the_step_alone(case: SchedulerCase) -> None:
    scheduler = case.make()
    forth = trained(scheduler)
    back = [scheduler.lr(0.8, step) for step in reversed(range(len(FIGURES)))]
    assert forth == back[::-1] == trained(scheduler, reversed(FIGURES))


@pytest.mark.parametrize("case", planned_with("min_lr"), ids=str)
def test_the_rate_never_falls_below_the_lowest(case: SchedulerCase) -> None:
    bounded = with_args(case, min_lr=0.3)
    bounded.bind(len(FIGURES), 1)
    assert trained(bounded) == [max(0.3, rate) for rate in trained(case.make())]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("stop", [1, 4, 7, 22, 29])
def test_a_run_that_is_stopped_and_continued_has_the_same_rates(case: SchedulerCase, stop: int) -> None:
    whole, first, second = case.make(), case.make(), case.make()
    rates = trained(first, FIGURES[:stop])
    second.load_state_dict(first.state_dict())
    for epoch in range(stop, len(FIGURES)):
        rates.append(second.lr(0.8, epoch))
        second.observe({"val_loss": FIGURES[epoch]}, epoch + 1)
    assert rates == trained(whole)
    assert second.state_dict() == whole.state_dict()


def test_the_name_that_torch_has_for_warm_restarts_is_answered_with_ours() -> None:
    mistakes: list[Mistake] = []
    kind_of(BaseScheduler).check("CosineAnnealingWarmRestarts", "lr_scheduler", mistakes)
    assert "did you mean 'CosineWarmRestarts'?" in str(mistakes[0])


def test_milestones_are_reached_in_the_epoch_after_as_many_are_done() -> None:
    scheduler: BaseScheduler = Case("MultiStepLR", {"milestones": [2], "gamma": 0.5}).built(BaseScheduler)
    scheduler.bind(12, 3)
    assert [scheduler.lr(1.0, step) for step in (0, 3, 5, 6, 9)] == [1.0, 1.0, 1.0, 0.5, 0.5]
