"""The loss of each step, whatever it is."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from base.types import Array
from logger.pictures.over_steps import Clock
from logger.pictures.steps import draw_steps


def draw(losses: Array, clock: Clock = Clock(10)) -> None:
    draw_steps({"step": np.arange(len(losses)) + 1.0, "loss": losses}, clock, Path("x"))


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_steps({"step": np.ones(1), "loss": np.ones(1)}, Clock(1), tmp_path / "steps.png")
    assert (tmp_path / "steps.png").read_bytes().startswith(b"\x89PNG")


def test_every_step_is_drawn_and_a_smoothed_line_over_it(figures: list[Figure]) -> None:
    draw(1 + np.arange(200) % 2.0)
    pale, line = figures[0].axes[0].lines
    assert np.asarray(pale.get_ydata()).tolist() == [1, 2] * 100
    np.testing.assert_allclose(np.asarray(line.get_ydata())[5:-5], 1.5, atol=0.11)
    assert line.get_label() == "mean of 5 steps"


def test_epochs_stand_above(figures: list[Figure]) -> None:
    draw(np.ones(20), Clock(10, step=20, epoch=7))
    (above,) = figures[0].axes[0].child_axes
    left, right = figures[0].axes[0].get_xlim()
    assert above.get_xlim() == pytest.approx((7 + (left - 20) / 10, 7 + (right - 20) / 10))


def test_a_loss_that_falls_far_has_a_logarithmic_scale(figures: list[Figure]) -> None:
    draw(np.geomspace(1, 1e-4, 100))
    draw(np.linspace(1, 0.5, 100))
    draw(np.linspace(1, -1, 100))
    assert [figure.axes[0].get_yscale() for figure in figures] == ["log", "linear", "linear"]


def test_a_spike_does_not_press_the_other_steps_together(figures: list[Figure]) -> None:
    losses = np.linspace(1, 0.5, 1000)
    losses[500] = 40
    draw(losses)
    assert figures[0].axes[0].get_ylim()[1] < 5


@pytest.mark.parametrize("losses", [[np.nan], [1e30, 1e-30], [0.0, 0.0], [-5.0], [1e38] * 3])
def test_odd_losses_are_drawn(figures: list[Figure], losses: list[float]) -> None:
    draw(np.array(losses))
    figures[0].draw_without_rendering()
