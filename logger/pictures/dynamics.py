"""Training dynamics: gradient norm, learning rate, update ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from base.base_trainer import Record
from base.types import Array
from logger.figures import spans_a_decade
from logger.pictures.drawing import drawing
from logger.pictures.over_steps import (
    Clock,
    count_epochs,
    count_steps,
    finite,
    from_zero,
    outline,
    scale_rates,
    smoothed,
)
from logger.pictures.style import BLUE, GREEN, MUTED, VERMILION, log_scale, save, sheet, style
from logger.pictures.text import add_legend, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RATIO = "update/"
_GOOD = 1e-3  # near what the ratio of update to weight is where training goes well, by Karpathy's rule of thumb
_LONGEST_LEGEND = 8
_LONGEST_NAME = 40
_FEW = 30


@drawing
def draw_dynamics(steps: Mapping[str, Array], records: Sequence[Record], clock: Clock, path: Path) -> None:
    """Draw learning rate, gradient norm, penalty (where there is one) and the ratio of update to weight over steps.

    The ratio is that of each layer's weights. Into a PNG; raises WriteError.
    """
    with_penalty = any("penalty" in record for record in records)
    figure = sheet(9.6, 6.6, "training dynamics")
    plots = list(figure.subplot_mosaic("AB\nCD" if with_penalty else "AB\nCC", sharex=True).values())
    for axes in plots:
        style(axes)
        count_steps(axes, steps["step"])
    _draw_rate(plots[0], *finite(steps["step"], steps["lr"]))
    _draw_gradient(plots[1], *finite(steps["step"], steps["grad_norm"]))
    _draw_ratios(plots[2], steps)
    if with_penalty:
        _draw_penalty(plots[3], records)
    for axes in plots[:2]:
        count_epochs(axes, clock)
    for axes in plots[2:]:
        axes.set_xlabel("step")
    save(figure, path)


def _draw_rate(axes: Axes, x: Array, rates: Array) -> None:
    axes.set(title="learning rate")
    if len(x):
        axes.plot(*outline(x, rates), color=BLUE, linewidth=1.8, marker=_marker(x), markersize=4)
        scale_rates(axes, rates)


def _draw_gradient(axes: Axes, x: Array, norms: Array) -> None:
    axes.set(title="gradient norm, before clipping")
    if not len(x):
        return
    middles, line, count = smoothed(x, norms)
    look: dict[str, Any] = {"alpha": 0.35, "linewidth": 0.7} if count > 1 else {"alpha": 1, "linewidth": 1.6}
    axes.plot(*outline(x, norms), color=VERMILION, marker=_marker(x), markersize=4, **look)
    if count > 1:
        axes.plot(middles, line, color=VERMILION, linewidth=2, label=f"mean of {count:,} steps")
        axes.legend()
    if norms.min() > 0 and spans_a_decade(line):
        log_scale(axes)
    else:
        from_zero(axes, norms)


def _draw_penalty(axes: Axes, records: Sequence[Record]) -> None:
    axes.set(title="penalty on weights, after each epoch")
    x, values = (np.array([record.get(name, np.nan) for record in records], float) for name in ("step", "penalty"))
    x, values = finite(x, values)
    axes.plot(x, values, color=GREEN, linewidth=1.8, marker=_marker(x), markersize=4)
    log_scale(axes) if spans_a_decade(values) else from_zero(axes, values)


def _draw_ratios(axes: Axes, steps: Mapping[str, Array]) -> None:
    from matplotlib import colormaps

    axes.set(title="norm of the update / norm of the weights, each layer")
    names = [name for name in steps if name.startswith(_RATIO)]
    drawn = []
    for place, name in enumerate(names):
        x, ratios = finite(steps["step"], steps[name])
        x, ratios = x[ratios > 0], ratios[ratios > 0]
        if len(x):
            color = colormaps["viridis"](0.85 * place / max(1, len(names) - 1))
            drawn += axes.plot(x, ratios, color=color, linewidth=1.4, marker=_marker(x), markersize=3)
            drawn[-1].set_label(shortened(name.removeprefix(_RATIO), _LONGEST_NAME))
    if drawn:
        log_scale(axes)
        _draw_legend(axes, drawn)
    if drawn and axes.get_ylim()[0] < _GOOD < axes.get_ylim()[1]:
        axes.axhline(_GOOD, color=MUTED, linestyle=":", linewidth=1.2, zorder=1)


def _draw_legend(axes: Axes, lines: Sequence[Any]) -> None:
    """The name of each layer, or of the first, the middle and the last, between which colours go over."""
    if len(lines) > _LONGEST_LEGEND:
        lines = [lines[0], lines[len(lines) // 2], lines[-1]]
    labels = [str(line.get_label()) for line in lines]
    add_legend(axes, lines, labels, fontsize=8.5, ncols=2 if len(lines) > 4 else 1)


def _marker(x: Array) -> str:
    return "o" if len(x) <= _FEW else ""
