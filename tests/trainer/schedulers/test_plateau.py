"""What ReduceLROnPlateau counts, and when."""

import pytest

from trainer.schedulers.linear_warmup import LinearWarmup
from trainer.schedulers.plateau import ReduceLROnPlateau
from trainer.schedulers.sequential import SequentialLR


def rates(scheduler: ReduceLROnPlateau | LinearWarmup | SequentialLR, figures: list[float]) -> list[float]:
    """The rate of each epoch, a step each, and of the one after."""
    found = []
    for epoch, figure in enumerate(figures):
        found.append(scheduler.lr(1.0, epoch))
        scheduler.observe({"loss": 9.0, "val_loss": figure}, epoch + 1)
    return [*found, scheduler.lr(1.0, len(figures))]


@pytest.mark.parametrize(("patience", "expected"), [(0, [1, 1, 0.5, 0.25, 0.125]), (1, [1, 1, 1, 0.5, 0.5])])
def test_so_many_bad_epochs_are_borne_and_one_more_is_not(patience: int, expected: list[float]) -> None:
    assert rates(ReduceLROnPlateau(patience=patience, factor=0.5), [1.0, 1.0, 1.0, 1.0]) == expected


def test_epochs_after_a_fall_do_not_count_while_it_cools_down() -> None:
    scheduler = ReduceLROnPlateau(patience=0, factor=0.5, cooldown=2)
    assert rates(scheduler, [1.0] * 6) == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_a_rate_falls_to_the_lowest_and_no_further() -> None:
    assert rates(ReduceLROnPlateau(patience=0, factor=0.5, min_lr=0.3), [1.0] * 4) == [1, 1, 0.5, 0.3, 0.3]


def test_a_figure_that_is_no_number_is_a_bad_epoch() -> None:
    assert rates(ReduceLROnPlateau(patience=0, factor=0.5), [float("nan"), 1.0, float("nan")]) == [1, 0.5, 0.5, 0.25]


def test_epochs_of_a_warm_up_do_not_count() -> None:
    scheduler = LinearWarmup(2, ReduceLROnPlateau(patience=0, factor=0.5), start_factor=0.5)
    scheduler.bind(10, 1)
    assert rates(scheduler, [1.0, 2.0, 3.0, 2.5, 4.0]) == [0.5, 0.75, 1, 1, 1, 0.5]


def test_in_a_sequence_only_epochs_of_its_own_time_count() -> None:
    plateaus = [ReduceLROnPlateau(patience=0, factor=factor) for factor in (0.5, 0.1)]
    scheduler = SequentialLR([*plateaus], milestones=[2])
    scheduler.bind(10, 1)
    assert rates(scheduler, [1.0, 1.0, 3.0, 3.0, 3.0]) == pytest.approx([1, 1, 1, 1, 0.1, 0.01])
    assert scheduler.state_dict().keys() == {"0", "1"}
