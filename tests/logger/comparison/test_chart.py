"""Curves are drawn where their values are."""

import pytest

from logger.comparison.chart import chart
from logger.comparison.curves import Curve, panels_of, value_range
from logger.pictures.style import CLASS_COLORS
from tests.logger.comparison.making import record

NAN = float("nan")


def curve(*losses: float, look: int = 0) -> Curve:
    """A run of so many epochs."""
    return Curve("a", [record(epoch, loss, 0.5) for epoch, loss in enumerate(losses, 1)], look)


def test_points_lie_where_the_axes_say() -> None:
    drawn = chart("loss", "training loss", [curve(4.0, 2.0, 1.0), curve(2.5, 3.0)])
    assert drawn is not None
    y = {float(tick.text): tick.place for tick in drawn.y_ticks}
    x = {float(tick.text): tick.place for tick in drawn.x_ticks}
    assert {1.0, 2.0, 3.0, 4.0} <= y.keys()
    first, second = drawn.lines
    assert [(point[0], point[1]) for point in first.points] == [(x[1], y[4]), (x[2], y[2]), (x[3], y[1])]
    assert [point[2:] for point in second.points] == [(1, "2.5000"), (2, "3.0000")]
    assert y[4] < y[1]  # upwards is more
    assert (first.run, second.run) == (0, 1)


def test_a_line_has_a_gap_where_a_value_is_not_finite() -> None:
    drawn = chart("loss", "", [curve(1.0, 2.0, NAN, 3.0, float("inf"))])
    assert drawn is not None
    assert drawn.lines[0].path.count("M") == 2
    assert [point[2] for point in drawn.lines[0].points] == [1, 2, 4]


def test_losses_far_apart_are_on_a_logarithmic_scale() -> None:
    drawn = chart("loss", "", [curve(1000.0, 100.0, 10.0, 1.0)])
    assert drawn is not None
    heights = [point[1] for point in drawn.lines[0].points]
    assert heights[1] - heights[0] == pytest.approx(heights[3] - heights[2], abs=0.2)


def test_nothing_is_drawn_of_nothing() -> None:
    assert chart("loss", "", [curve(NAN)]) is None
    assert chart("f1", "", [curve(1.0)]) is None
    assert panels_of([Curve("a", [], 0)]) == []


def test_a_long_run_is_drawn_as_far_as_its_start_leaves_room() -> None:
    losses = [100.0, 50.0, *([1.0] * 17), 2.0]
    assert value_range([curve(*losses)], "loss") == (1.0, 2.0)
    assert value_range([curve(*losses[:10])], "loss") == (1.0, 100.0)


def test_of_very_long_runs_fewer_points_are_kept_with_the_last() -> None:
    drawn = chart("loss", "", [curve(*range(1, 5001))])
    assert drawn is not None
    points = drawn.lines[0].points
    assert len(points) <= 401
    assert (points[0][2], points[-1][2]) == (1, 5000)


def test_panels_are_loss_and_the_metrics_of_most_runs_validation_first() -> None:
    many = [Curve("a", [{"epoch": 1, "loss": 1, "f1": 1, "val_loss": 1, "val_f1": 1}], 0) for _ in range(2)]
    one = Curve("b", [{"epoch": 1, "loss": 1, "a": 1, "b": 1, "c": 1}], 0)
    validation, training = ([title for _, title in row] for row in panels_of([one, *many]))
    assert validation == ["validation loss", "validation f1", "validation a"]
    assert training == ["training loss", "training f1", "training a"]
    assert [[metric for metric, _ in row] for row in panels_of([one])] == [["loss", "a", "b"]]


def test_forty_runs_look_different() -> None:
    looks = {(curve(1.0, look=look).color, curve(1.0, look=look).line) for look in range(4 * len(CLASS_COLORS))}
    assert len(looks) == 40
