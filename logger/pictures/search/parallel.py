"""Settings as lines across parallel axes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.search.axis import SettingAxis, Tried, short
from logger.pictures.style import INK, MUTED, panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLORS = "viridis_r"
_ABSENT = -0.15  # where lines cross the axes of options that they did not take
_BEHIND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6}  # words, which lines would cross


@drawing
def draw_parallel(
    tried: Sequence[Tried], settings: Sequence[SettingAxis], figure_name: str, mode: str, path: Path
) -> None:
    """Draw a line for each setting that was trained to its end, the best the darkest and on top. Raises WriteError."""
    from matplotlib import colormaps

    sign = 1 if mode == "max" else -1
    done = sorted((one for one in tried if one.done), key=lambda one: sign * one.value)
    columns = [*settings, SettingAxis(figure_name)]
    figure, (axes,) = panels(1, width=1.8 * len(columns) + 2.2, height=4.6)
    axes.grid(visible=False)
    values = [*([_place(column, one) for one in done] for column in settings), [one.value for one in done]]
    heights = np.array([_heights(axes, place, *pair) for place, pair in enumerate(zip(columns, values, strict=True))])
    colors = colormaps[_COLORS](np.linspace(1.0, 0.0, len(done)))[::-1]
    for line, color in zip(heights.T, colors, strict=True):
        axes.plot(line, color=color, linewidth=1.4, alpha=0.85)
    axes.set(xlim=(-0.3, len(columns) - 0.4), ylim=(min(0.0, heights.min()) - 0.06, 1.06), yticks=[])
    axes.set_xticks(range(len(columns)), [short(column.name) for column in columns], fontsize=9, color=INK, rotation=12)
    axes.spines[["left", "bottom"]].set_visible(False)
    save(figure, path)


def _heights(axes: Axes, across: int, column: SettingAxis, held: Sequence[float]) -> Array:
    """The height at which each line crosses an axis: below all ticks where the setting had no such key."""
    values = np.array(held)
    ticks = column.ticks(values[np.isfinite(values)].tolist())
    low, high = ticks[0][0], ticks[-1][0]
    span = (high - low) or 1.0
    heights = [((value - low) / span, words) for value, words in ticks]
    if np.isnan(values).any():
        heights.append((_ABSENT, "none"))
    axes.axvline(across, color=MUTED, linewidth=1)
    for height, words in heights:
        axes.annotate(words, (across, height), (4, 3), textcoords="offset points", fontsize=8, color=INK, bbox=_BEHIND)
    return np.where(np.isnan(values), _ABSENT, (values - low) / span)


def _place(column: SettingAxis, one: Tried) -> float:
    return column.place(one.params[column.name]) if column.name in one.params else float("nan")
