"""The rate is the optimizer's own, times a factor of the count asked for, but not below the lowest."""

from base.base_scheduler import BaseScheduler


class Halving(BaseScheduler):
    """Half as much each time."""

    def factor(self, count: int) -> float:
        return 0.5**count


def test_the_factor_is_of_steps_or_of_epochs() -> None:
    assert Halving("step", 0.0).lr(0.8, step=2, epoch=1) == 0.2
    assert Halving("epoch", 0.0).lr(0.8, step=2, epoch=1) == 0.4


def test_the_lowest_rate_holds() -> None:
    assert [Halving("epoch", 0.3).lr(0.8, 0, epoch) for epoch in range(4)] == [0.8, 0.4, 0.3, 0.3]
