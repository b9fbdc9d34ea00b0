"""An epoch's line shows loss and the monitored metric at any width, and the rest as far as it fits."""

import itertools

import pytest

from base.base_trainer import Record
from logger.epoch_line import epoch_line

LONG = "precision_of_the_first_class_at_half_recall"


def record(**more: float) -> Record:
    figures = {"epoch": 7, "step": 70, "loss": 0.25, "penalty": 0.5, "accuracy": 0.5, **more}
    return {**figures, "val_loss": 0.125, "val_accuracy": 0.75, "lr": 0.1, "seconds": 12.3}


def test_the_rate_goes_first_then_the_seconds() -> None:
    lines = {columns: epoch_line(record(), 20, False, "val_loss", columns) for columns in (82, 80, 70)}
    assert lines == {
        82: "epoch  7/20  loss 0.2500 val 0.1250  accuracy 0.5000 val 0.7500  lr 0.1  12 s",
        80: "epoch  7/20  loss 0.2500 val 0.1250  accuracy 0.5000 val 0.7500  12 s",
        70: "epoch  7/20  loss 0.2500 val 0.1250  accuracy 0.5000 val 0.7500",
    }


def test_columns_do_not_come_and_go_with_the_digits_of_rate_and_seconds() -> None:
    for columns in range(60, 100):
        shapes = {
            ("lr" in line, line.endswith(" s"))
            for rate, seconds in itertools.product((0.1, 0.05, 0.0785), (0.01, 1.2, 12.0))
            for line in [epoch_line(record() | {"lr": rate, "seconds": seconds}, 20, True, "val_loss", columns)]
        }
        assert len(shapes) == 1


def test_large_and_small_figures_of_regression_stand_in_columns_with_their_metric() -> None:
    lines = [
        epoch_line(
            {"epoch": 7, "step": 70, "loss": loss, "mean_absolute_error": error, "val_loss": loss / 2,
             "val_mean_absolute_error": error / 2, "lr": 0.03, "seconds": 0.01}, 12, True, "val_loss",
        ) for loss, error in ((27648.9, 295.7), (4125.25, 19.5))
    ]  # fmt: skip
    assert lines == [
        "epoch  7/12  loss  27649 val  13824* mean_absolute_error 295.70 val 147.85",
        "epoch  7/12  loss 4125.2 val 2062.6* mean_absolute_error 19.500 val 9.7500",
    ]


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize(
    ("figure", "part"),
    [
        ("loss", "loss 0.2500* val"),
        ("val_loss", "val 0.1250*"),
        ("accuracy", "accuracy 0.5000* val"),
        ("val_accuracy", "val 0.7500*"),
        ("test_accuracy", "test 0.6250*"),
        ("penalty", "penalty 0.5000*"),
    ],
)
def test_the_best_epoch_is_marked_at_the_figure_that_is_best(figure: str, part: str, columns: int) -> None:
    line = epoch_line(record(test_accuracy=0.625), 20, True, figure, columns)
    assert part in line
    assert line.count("*") == 1


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_star_moves_nothing(columns: int) -> None:
    plain, starred = (epoch_line(record(), 20, improved, "val_accuracy", columns) for improved in (False, True))
    assert starred.replace("*", " ").rstrip() == plain


def test_of_many_metrics_the_monitored_one_is_shown_wherever_it_stands() -> None:
    many = {f"a_metric_with_a_long_name_{number}": 0.5 for number in range(9)}
    line = epoch_line(record(**many, f1=0.25, val_f1=0.5), 20, True, "val_f1", 80)
    assert line == "epoch  7/20  loss 0.2500 val 0.1250  f1 0.2500 val 0.5000* lr 0.1  12 s"
    wide = epoch_line(record(**many, f1=0.25, val_f1=0.5), 20, True, "val_f1", 120)
    assert "accuracy 0.5000 val 0.7500  f1 0.2500 val 0.5000*" in wide


@pytest.mark.parametrize("columns", [20, 30, 40, 60, 80, 120])
@pytest.mark.parametrize("epochs", [9, 100_000])
@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy", LONG])
def test_loss_and_the_monitored_metric_are_shown_at_any_width(metric: str, epochs: int, columns: int) -> None:
    figures = {"epoch": epochs, "loss": 1.5e-5, metric: 0.5, "val_loss": 1e-5, f"val_{metric}": 0.75}
    lines = epoch_line({**figures, "lr": 0.000123, "seconds": 4000.0}, epochs, True, f"val_{metric}", columns)
    assert max(map(len, lines.splitlines())) <= columns or columns < 40
    assert "loss 1.5e-05 val  1e-05" in lines
    assert "0.5000 val 0.7500*" in lines


def test_a_long_name_is_cut_before_its_figures_are() -> None:
    figures = {"epoch": 7, "loss": 0.25, LONG: 0.5, "val_loss": 0.125, f"val_{LONG}": 0.75, "lr": 0.1, "seconds": 12.3}
    line = epoch_line(figures, 20, True, f"val_{LONG}")
    assert line == "epoch  7/20  loss 0.2500 val 0.1250  precision_o...alf_recall 0.5000 val 0.7500*"
    assert len(line) <= 80
