"""A planned rate is a function of how many steps, or epochs, are done, but not below the lowest."""

import pytest

from base.base_scheduler import Interval, PlannedScheduler


class Falling(PlannedScheduler):
    """A straight line to nothing over the whole run."""

    def rate(self, base_lr: float, count: int) -> float:
        return base_lr * (1 - count / self.length)


@pytest.mark.parametrize(("interval", "length"), [("step", 8), ("epoch", 2)])
def test_the_run_is_as_long_as_it_is_said_to_be(interval: Interval, length: int) -> None:
    scheduler = Falling(interval)
    scheduler.bind(steps=8, steps_per_epoch=4)
    assert scheduler.length == length
    assert [scheduler.lr(1.0, step) for step in (0, 4)] == [1.0, 0.5]
    assert scheduler.lr(1.0, 6) == (0.25 if interval == "step" else 0.5)


def test_an_epoch_that_is_not_whole_counts() -> None:
    scheduler = Falling("epoch")
    scheduler.bind(steps=9, steps_per_epoch=4)
    assert scheduler.length == 3


def test_the_lowest_rate_holds() -> None:
    scheduler = Falling("step", min_lr=0.4)
    scheduler.bind(steps=4, steps_per_epoch=4)
    assert [scheduler.lr(1.0, step) for step in range(4)] == [1.0, 0.75, 0.5, 0.4]


def test_results_change_nothing_and_nothing_is_kept() -> None:
    scheduler = Falling("step")
    scheduler.bind(4, 4)
    scheduler.observe({"val_loss": 9.0}, 4)
    assert scheduler.state_dict() == {}
    scheduler.load_state_dict({})
    assert scheduler.lr(1.0, 2) == 0.5
