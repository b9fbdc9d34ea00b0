"""Runs that are compared, over their steps and epochs."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from logger.pictures.study import StudyLine, draw_study


def a_line(label: str, losses: list[float], accuracies: list[float], reference: bool = False) -> StudyLine:
    steps = {"step": np.arange(len(losses)) + 1.0, "loss": np.array(losses)} if losses else {}
    records = [{"epoch": epoch, "val_accuracy": value} for epoch, value in enumerate(accuracies, 1)]
    return StudyLine(label, steps, records, reference)


def test_each_run_has_its_loss_its_figure_and_its_name(figures: list[Figure], tmp_path: Path) -> None:
    lines = [a_line("one", [3, 2, 1], [0.5, 0.75]), a_line("ours", [2, 1, 1], [0.9], reference=True)]
    draw_study(lines, "val_accuracy", "a study", tmp_path / "study.png")
    left, right = figures[0].axes
    drawn = [line for line in left.lines if len(line.get_xdata())]
    assert [np.asarray(line.get_ydata()).tolist() for line in drawn] == [[3, 2, 1], [2, 1, 1]]
    assert [np.asarray(line.get_ydata()).tolist() for line in right.lines] == [[0.5, 0.75], [0.9]]
    (legend,) = figures[0].legends
    assert [text.get_text() for text in legend.get_texts()] == ["one", "ours"]
    assert [line.get_linestyle() for line in legend.get_lines()] == ["-", "--"]


def test_losses_far_apart_have_a_logarithmic_scale(figures: list[Figure]) -> None:
    near, far = a_line("near", [2, 1], []), a_line("far", [1e3, 10], [])
    draw_study([near], "val_accuracy", "a study", Path("x"))
    draw_study([near, far], "val_accuracy", "a study", Path("x"))
    assert [figure.axes[0].get_yscale() for figure in figures] == ["linear", "log"]


@pytest.mark.parametrize("losses", [[], [np.nan], [0.0, 1e30]])
def test_a_run_that_ended_at_once_is_drawn(figures: list[Figure], losses: list[float]) -> None:
    draw_study([a_line("one", losses, [])], "val_accuracy", "a study", Path("x"))
    figures[0].draw_without_rendering()


def test_more_runs_than_colours_differ_in_their_lines(figures: list[Figure]) -> None:
    draw_study([a_line(str(n), [1.0], [0.5]) for n in range(12)], "val_accuracy", "a study", Path("x"))
    looks = {(line.get_color(), line.get_linestyle()) for line in figures[0].legends[0].get_lines()}
    assert len(looks) == 12


def test_references_differ_in_their_lines(figures: list[Figure]) -> None:
    draw_study([a_line(str(n), [1.0], [0.5], reference=True) for n in range(3)], "val_accuracy", "a study", Path("x"))
    styles = {line.get_linestyle() for line in figures[0].legends[0].get_lines()}
    assert len(styles) == 3
