"""Predicted and true numbers, and the residuals between them."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from logger.pictures.regression import draw_regression


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_regression(np.arange(4.0)[:, None], np.ones((4, 1)), "title", tmp_path / "regression.png")
    assert (tmp_path / "regression.png").read_bytes().startswith(b"\x89PNG")


def test_each_number_has_a_row_of_predicted_against_true_and_residuals(figures: list[Figure]) -> None:
    true = np.array([[1.0, 10.0], [2.0, 30.0], [6.0, 20.0]])
    predicted = true + np.array([[0.5, 1.0], [-0.5, 2.0], [0.0, 3.0]])
    draw_regression(true, predicted, "title", Path("x"))
    assert figures[0].get_suptitle() == "title"
    against, residuals, distribution = figures[0].axes[3:]
    assert np.asarray(against.collections[0].get_offsets()).tolist() == [[10, 11], [30, 32], [20, 23]]
    assert np.asarray(residuals.collections[0].get_offsets()).tolist() == [[11, -1], [32, -2], [23, -3]]
    assert sum(bar.get_height() for bar in distribution.patches) == 3
    assert against.get_title("left") == "number 2: predicted against true, R² = 0.930"
    assert distribution.get_title("left") == "residuals: mean -2, RMSE 2.16"


@pytest.mark.parametrize("true", [[np.nan, 1.0, 1.0], [np.nan, np.inf, np.nan]], ids=["some", "all"])
def test_numbers_that_are_not_finite_are_left_out(figures: list[Figure], true: list[float]) -> None:
    draw_regression(np.array(true)[:, None], np.ones((3, 1)), "title", Path("x"))
    figures[0].draw_without_rendering()
    points = figures[0].axes[1].collections[0].get_offsets()
    assert len(np.asarray(points)) == np.isfinite(true).sum()
    assert figures[0].axes[0].get_title("left") == "predicted against true"
