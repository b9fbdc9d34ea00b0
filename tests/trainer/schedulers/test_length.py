"""Schedules for the whole run are as long as it is, also when they begin later."""

import pytest

from base.base_scheduler import BaseScheduler
from trainer.schedulers.cosine import CosineAnnealingLR
from trainer.schedulers.inverse_time import InverseTimeLR
from trainer.schedulers.linear_warmup import LinearWarmup
from trainer.schedulers.one_cycle import OneCycleLR
from trainer.schedulers.polynomial import PolynomialLR
from trainer.schedulers.sequential import SequentialLR

STEPS, PER_EPOCH = 40, 4


def rates(scheduler: BaseScheduler) -> list[float]:
    scheduler.bind(STEPS, PER_EPOCH)
    return [scheduler.lr(1.0, step) for step in range(STEPS + 1)]


def test_a_line_to_nothing_ends_with_the_run() -> None:
    found = rates(PolynomialLR(total_iters=None, interval="step"))
    assert found == pytest.approx([1 - step / STEPS for step in range(STEPS + 1)])


def test_a_cosine_by_epoch_ends_with_the_run() -> None:
    assert rates(CosineAnnealingLR(eta_min=0.1))[PER_EPOCH - 1 :: PER_EPOCH][0] == 1.0
    assert rates(CosineAnnealingLR(eta_min=0.1))[STEPS] == pytest.approx(0.1)


def test_a_cycle_ends_with_the_run_and_stays_there() -> None:
    found = rates(OneCycleLR(max_lr=5.0, div_factor=10.0, final_div_factor=5.0))
    assert (found[0], max(found)) == pytest.approx((0.5, 5.0))
    assert found[-2:] == pytest.approx([0.1, 0.1])


def test_what_begins_after_a_warm_up_ends_with_the_run() -> None:
    found = rates(LinearWarmup(3, PolynomialLR(total_iters=None, interval="step"), interval="step", start_factor=0.25))
    assert found[:4] == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert found[3:] == pytest.approx([1 - step / (STEPS - 3) for step in range(STEPS - 2)])


def test_a_warm_up_rises_to_the_rate_that_the_next_begins_with() -> None:
    found = rates(LinearWarmup(1, OneCycleLR(max_lr=5.0, div_factor=10.0), start_factor=0.5))
    assert found[:5] == pytest.approx([0.25, 0.25, 0.25, 0.25, 0.5])


def test_a_warm_up_longer_than_the_run_is_cut() -> None:
    assert rates(LinearWarmup(1000, CosineAnnealingLR()))[-2] == pytest.approx(1 / 3, rel=0.02)


def test_each_of_a_sequence_ends_where_the_next_begins() -> None:
    parts: list[BaseScheduler] = [PolynomialLR(total_iters=None), PolynomialLR(total_iters=None, interval="step")]
    found = rates(SequentialLR(parts, milestones=[2]))
    assert found[:9] == pytest.approx([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 1])
    assert found[-1] == 0.0


def test_inverse_time_has_half_left_when_it_has_decayed_once() -> None:
    scheduler = InverseTimeLR(decay=0.1, interval="step")
    scheduler.bind(STEPS, PER_EPOCH)
    assert [scheduler.lr(1.0, step) for step in (0, 10, 30)] == [1.0, 0.5, 0.25]
