"""Settings as lines across parallel axes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array
from logger.pictures.search.axis import Setting, Tried, short
from logger.pictures.style import INK, MUTED, panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLORS = "viridis_r"


def draw_parallel(tried: Sequence[Tried], settings: Sequence[Setting], figure_name: str, mode: str, path: Path) -> None:
    """Draw a line for each setting that was trained to its end, the best the darkest and on top. Raises WriteError."""
    from matplotlib import colormaps

    sign = 1 if mode == "max" else -1
    done = sorted((one for one in tried if one.done), key=lambda one: sign * one.value)
    columns = [*settings, Setting(figure_name)]
    figure, (axes,) = panels(1, width=1.8 * len(columns) + 2.2, height=4.6)
    axes.grid(visible=False)
    heights = np.array([_heights(axes, place, column, done, figure_name) for place, column in enumerate(columns)])
    colors = colormaps[_COLORS](np.linspace(0.0, 1.0, max(len(done), 2)))
    for line, color in zip(heights.T, colors, strict=False):
        crossed = np.flatnonzero(np.isfinite(line))  # a line passes by the axes of options that it did not take
        axes.plot(crossed, line[crossed], color=color, linewidth=1.4, alpha=0.85)
    axes.set(xlim=(-0.3, len(columns) - 0.4), ylim=(-0.06, 1.06), yticks=[])
    axes.set_xticks(range(len(columns)), [short(column.name) for column in columns], fontsize=9, color=INK, rotation=12)
    axes.spines[["left", "bottom"]].set_visible(False)
    save(figure, path)


def _heights(axes: Axes, place: int, column: Setting, done: Sequence[Tried], figure_name: str) -> Array:
    """Where each line crosses an axis, whose ticks are drawn; nan where the setting had no such key."""
    values = [_value(one, column, figure_name) for one in done]
    low, high = (0.0, len(column.labels) - 1.0) if column.labels is not None else (np.nanmin(values), np.nanmax(values))
    span = (high - low) or 1.0
    axes.axvline(place, color=MUTED, linewidth=1)
    for value, words in column.ticks(low, high) if high > low else column.ticks(low, high)[:1]:
        axes.annotate(words, (place, (value - low) / span), (4, 3), textcoords="offset points", fontsize=8, color=INK)
    return (np.array(values) - low) / span


def _value(one: Tried, column: Setting, figure_name: str) -> float:
    if column.name == figure_name and column.name not in one.params:
        return one.value
    return column.place(one.params[column.name]) if column.name in one.params else float("nan")
