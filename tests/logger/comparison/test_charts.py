"""Charts hold the values of every run."""

from logger.comparison.charts import comparison_charts
from logger.comparison.curves import Curve, panels_of, value_range
from logger.pictures.style import CLASS_COLORS
from logger.report.charts import Chart
from tests.logger.comparison.making import record

NAN = float("nan")


def curve(*losses: float, look: int = 0) -> Curve:
    """A run of so many epochs."""
    return Curve("a", [record(epoch, loss, 0.5) for epoch, loss in enumerate(losses, 1)], look)


def drawn(metric: str, *curves: Curve) -> Chart:
    """The chart of a figure."""
    (chart,) = (one for one in comparison_charts(curves) if one.key == metric)
    return chart


def test_lines_hold_the_values_of_each_run_over_the_epochs_of_all() -> None:
    chart = drawn("loss", curve(4.0, 2.0, 1.0), curve(2.5, 3.0, look=1))
    assert chart.places.tolist() == [1, 2, 3]
    assert [one.color for one in chart.series] == [0, 1]
    assert chart.data()["series"][1]["values"] == [2.5, 3.0, None]


def test_values_that_are_not_finite_are_left_out() -> None:
    chart = drawn("loss", curve(1.0, 2.0, NAN, 3.0, float("inf")))
    assert chart.data()["series"][0]["values"] == [1.0, 2.0, None, 3.0, None]


def test_losses_far_apart_are_on_a_logarithmic_scale_to_begin_with() -> None:
    assert drawn("loss", curve(1000.0, 100.0, 10.0, 1.0)).log
    assert not drawn("loss", curve(2.0, 1.0)).log


def test_rates_and_seconds_have_charts_as_on_the_page_of_a_run() -> None:
    chart = drawn("lr", curve(1.0, 2.0), curve(1.0, look=1))
    assert (chart.title, len(chart.series), chart.shown) == ("learning rate", 2, None)
    assert drawn("seconds", curve(1.0)).title == "seconds an epoch"


def test_nothing_is_drawn_of_nothing() -> None:
    assert [one.key for one in comparison_charts([curve(NAN)])] == [
        "val_accuracy", "accuracy", "lr", "seconds",
    ]  # fmt: skip
    assert panels_of([Curve("a", [], 0)]) == []
    assert comparison_charts([Curve("a", [], 0)]) == []


def test_a_long_run_is_drawn_as_far_as_its_start_leaves_room() -> None:
    losses = [100.0, 50.0, *([1.0] * 17), 2.0]
    assert value_range([curve(*losses)], "loss") == (1.0, 2.0)
    assert value_range([curve(*losses[:10])], "loss") == (1.0, 100.0)


def test_of_very_long_runs_fewer_points_are_kept_with_the_last() -> None:
    chart = drawn("loss", curve(*range(1, 50_001)))
    assert len(chart.places) <= 2001
    assert (chart.places[0], chart.places[-1]) == (1, 50_000)


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
