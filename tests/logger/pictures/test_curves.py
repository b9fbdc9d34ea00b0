"""The curves show what the history holds, however short or odd it is."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from base.base_trainer import Record
from logger.pictures import curves
from logger.pictures.curves import draw_curves


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures in place of their files."""
    figures: list[Figure] = []

    def keep(figure: Figure, path: Path) -> None:
        figure.draw_without_rendering()
        figures.append(figure)

    monkeypatch.setattr(curves, "save", keep)
    return figures


def records(epochs: int, metrics: int = 1, validation: bool = True, **more: Any) -> list[Record]:
    names = ["loss", *(f"metric{i}" for i in range(metrics))]
    names += [f"val_{name}" for name in names] if validation else []
    return [{"epoch": e, "step": e, **dict.fromkeys(names, 1 / e), **more, "lr": 0.1} for e in range(1, epochs + 1)]


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_curves(records(3), tmp_path / "curves.png", 2, "max val_metric0")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("epochs", [1, 2, 30, 200])
def test_each_split_is_a_curve_over_all_epochs(drawn: list[Figure], epochs: int) -> None:
    draw_curves(records(epochs, test_loss=0.5), Path("x"), None, "off")
    loss, metric, *_ = drawn[0].axes
    assert [line.get_label() for line in loss.lines] == ["training", "validation", "test"]
    assert [line.get_label() for line in metric.lines] == ["training", "validation"]
    assert np.asarray(loss.lines[1].get_ydata()).tolist() == [1 / epoch for epoch in range(1, epochs + 1)]
    assert (loss.get_title("left"), metric.get_title("left")) == ("loss", "metric0")


@pytest.mark.parametrize("metrics", [0, 1, 2, 3, 9])
def test_below_the_loss_and_at_most_five_metrics_are_learning_rate_and_seconds(
    drawn: list[Figure], metrics: int
) -> None:
    draw_curves(records(2, metrics, seconds=2.5), Path("x"), None, "off")
    titles = [axes.get_title("left") for axes in drawn[0].axes]
    assert titles == ["loss", *(f"metric{i}" for i in range(min(5, metrics))), "learning rate", "seconds an epoch"]
    assert np.asarray(drawn[0].axes[-1].lines[0].get_ydata()).tolist() == [2.5, 2.5]


def test_a_metric_is_named_with_its_arguments(drawn: list[Figure]) -> None:
    draw_curves(records(2), Path("x"), None, "off", {"metric0": "top_k_accuracy (k = 3)"})
    assert drawn[0].axes[1].get_title("left") == "top_k_accuracy (k = 3)"


def test_the_best_epoch_is_marked_in_every_panel_with_its_figure(drawn: list[Figure]) -> None:
    draw_curves(records(4), Path("x"), 2, "max val_metric0")
    loss, metric, *_ = drawn[0].axes
    assert [axes.lines[-1].get_label() for axes in (loss, metric)] == ["best epoch 2: val_metric0 0.5000"] * 2


def test_a_best_epoch_of_an_earlier_run_is_not_marked(drawn: list[Figure]) -> None:
    draw_curves(records(4), Path("x"), 9, "max val_metric0")
    assert [line.get_label() for line in drawn[0].axes[0].lines] == ["training", "validation"]


def test_a_loss_that_spans_more_than_a_decade_is_drawn_on_a_logarithmic_scale(drawn: list[Figure]) -> None:
    draw_curves(records(9), Path("x"), None, "off")
    draw_curves(records(11), Path("x"), None, "off")
    assert [figure.axes[0].get_yscale() for figure in drawn] == ["linear", "log"]


def test_figures_that_are_not_finite_or_missing_are_gaps(drawn: list[Figure]) -> None:
    draw_curves(records(2, loss=math.nan, val_loss=math.nan), Path("x"), 1, "min val_loss")
    draw_curves([*records(1, metrics=0), *records(2)[1:]], Path("x"), None, "off")
    assert np.isnan(drawn[1].axes[1].lines[0].get_ydata()).tolist() == [True, False]


def test_a_run_stopped_in_its_first_epoch_has_no_curves(tmp_path: Path) -> None:
    draw_curves([], tmp_path / "curves.png", None, "off")
    assert not list(tmp_path.iterdir())
