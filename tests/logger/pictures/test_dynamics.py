"""Rate, gradient, penalty and updates over steps."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from base.types import Array
from logger.pictures.dynamics import draw_dynamics
from logger.pictures.over_steps import Clock

RECORDS = [{"epoch": e, "step": 10.0 * e, "penalty": 1.0 / e} for e in range(1, 6)]


def steps(layers: int = 2, count: int = 50) -> dict[str, Array]:
    x = np.arange(count) + 1.0
    ratios = {f"update/layer{i}": np.where(x % 5 == 1, 10.0 ** -(i + 1), np.nan) for i in range(layers)}
    return {"step": x, "loss": x, "lr": 1 / x, "grad_norm": 2 / x, **ratios}


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_dynamics(steps(), RECORDS, Clock(10), tmp_path / "dynamics.png")
    assert (tmp_path / "dynamics.png").read_bytes().startswith(b"\x89PNG")


def test_each_panel_holds_its_figures(figures: list[Figure]) -> None:
    draw_dynamics(steps(), RECORDS, Clock(10), Path("x"))
    rate, gradient, ratio, penalty = figures[0].axes
    assert np.asarray(rate.lines[0].get_ydata()).tolist() == (1 / np.arange(1, 51)).tolist()
    assert np.asarray(gradient.lines[0].get_ydata()).tolist() == (2 / np.arange(1, 51)).tolist()
    assert np.asarray(penalty.lines[0].get_xydata()).tolist() == [[10 * e, 1 / e] for e in range(1, 6)]
    first, second = ratio.lines[:2]
    assert np.asarray(first.get_xdata()).tolist() == list(range(1, 50, 5))
    assert (set(first.get_ydata()), set(second.get_ydata())) == ({0.1}, {0.01})
    assert ratio.get_yscale() == "log"


def test_without_a_penalty_there_is_no_panel_for_it(figures: list[Figure]) -> None:
    draw_dynamics(steps(), [{"epoch": 1, "step": 50}], Clock(10), Path("x"))
    assert len(figures[0].axes) == 3


def test_many_layers_are_drawn_and_three_named(figures: list[Figure]) -> None:
    draw_dynamics(steps(40), RECORDS, Clock(10), Path("x"))
    ratio = figures[0].axes[2]
    legend = ratio.get_legend()
    assert len(ratio.lines) >= 40
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["layer0", "layer20", "layer39"]


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 1e-300, 1e150])
def test_odd_figures_are_drawn(figures: list[Figure], value: float) -> None:
    odd = {name: column if name == "step" else np.full(50, value) for name, column in steps().items()}
    draw_dynamics(odd, [{"epoch": 1, "step": 50, "penalty": value}], Clock(10), Path("x"))
    figures[0].draw_without_rendering()
