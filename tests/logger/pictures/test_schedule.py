"""The picture of a plan shows every rate, over steps and epochs."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from logger.pictures.schedule import draw_schedule


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_schedule(range(4), [1.0, 0.5, 0.25, 0.0], 2, "title", tmp_path / "schedule.png")
    assert (tmp_path / "schedule.png").read_bytes().startswith(b"\x89PNG")


def test_each_rate_lasts_until_the_next_and_the_last_to_the_end(figures: list[Figure]) -> None:
    draw_schedule(range(4), [1.0, 0.5, 0.25, 0.1], 2, "title", Path("x"))
    (axes,) = figures[0].axes
    (line,) = axes.lines
    assert line.get_drawstyle() == "steps-post"
    assert np.asarray(line.get_xydata()).tolist() == [[0, 1], [1, 0.5], [2, 0.25], [3, 0.1], [4, 0.1]]
    assert (axes.get_xlim(), figures[0].get_suptitle()) == ((0, 4), "title")


@pytest.mark.parametrize(("epochs", "per_epoch"), [(20, 329), (1, 1), (3, 1)])
def test_epochs_are_counted_above(figures: list[Figure], epochs: int, per_epoch: int) -> None:
    steps = range(epochs * per_epoch)
    draw_schedule(steps, [0.1] * len(steps), per_epoch, "title", Path("x"))
    figures[0].draw_without_rendering()
    (above,) = figures[0].axes[0].child_axes
    assert above.get_xlim() == pytest.approx((0, epochs))
    assert all(tick == round(tick) for tick in above.get_xticks())


@pytest.mark.parametrize(
    ("rates", "scale"),
    [
        ([0.1] * 10 + [0.01] * 10 + [0.001] * 10, "log"),
        ([0.1] * 10 + [0.01] * 20, "linear"),
        ([0.1] * 10 + [0.0] * 20, "linear"),
    ],
)
def test_rates_that_a_linear_scale_would_hide_are_drawn_on_a_logarithmic_one(
    figures: list[Figure], rates: list[float], scale: str
) -> None:
    draw_schedule(range(30), rates, 1, "title", Path("x"))
    assert figures[0].axes[0].get_yscale() == scale
