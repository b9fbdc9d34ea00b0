"""The loss of every step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from base.types import Array
from logger.figures import spans_a_decade
from logger.pictures.drawing import drawing
from logger.pictures.over_steps import Clock, count_epochs, count_steps, finite, outline, smoothed
from logger.pictures.style import BLUE, log_scale, panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PALE = 0.35
_FEW = 30  # steps that are marked one by one


@drawing
def draw_steps(steps: Mapping[str, Array], clock: Clock, path: Path) -> None:
    """Draw the loss of each step's batch, thin and pale, with a smoothed line, into a PNG. Raises WriteError."""
    x, loss = finite(steps["step"], steps["loss"])
    figure, (axes,) = panels(1, width=7.2, height=3.8, title="loss of each step's batch")
    axes.set_xlabel("step")
    count_steps(axes, steps["step"])
    if len(x):
        _draw(axes, x, loss)
    count_epochs(axes, clock)
    save(figure, path)


def _draw(axes: Axes, x: Array, loss: Array) -> None:
    middles, line, count = smoothed(x, loss)
    marker = "o" if len(x) <= _FEW else ""
    look: dict[str, Any] = {"alpha": _PALE, "linewidth": 0.7} if count > 1 else {"alpha": 1, "linewidth": 1.6}
    axes.plot(*outline(x, loss), color=BLUE, marker=marker, markersize=4, label="each step", **look)
    if count > 1:
        axes.plot(middles, line, color=BLUE, linewidth=2, label=f"mean of {count:,} steps")
    if loss.min() > 0 and spans_a_decade(line):
        log_scale(axes)
    else:
        _leave_out_spikes(axes, loss, line)
    axes.legend()


def _leave_out_spikes(axes: Axes, loss: Array, line: Array) -> None:
    """End the axis where all but a few steps are below, which would press the others together."""
    low = min(0.0, float(loss.min()))
    high = max(float(np.quantile(loss, 0.995)), float(line.max()))
    if high > low:
        axes.set_ylim(low, low + 1.05 * (high - low))
