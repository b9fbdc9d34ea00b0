"""Settings as lines across parallel axes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.search.axis import SettingAxis, Tried, short
from logger.pictures.style import BETWEEN, MUTED, save, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

_ABSENT = -0.15  # where lines cross the axes of options that they did not take
_BEHIND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6}  # words, which lines would cross
_PALEST = 0.12  # of the colours, which are to be seen on white


@drawing
def draw_parallel(
    tried: Sequence[Tried], settings: Sequence[SettingAxis], figure_name: str, mode: str, path: Path
) -> None:
    """Draw a line for each setting, the best the darkest and on top, those ended early grey, into a PNG.

    Raises WriteError.
    """
    sign = 1 if mode == "max" else -1
    done = sorted((one for one in tried if one.done), key=lambda one: sign * one.value)
    ended = [one for one in tried if not one.done]
    columns = [*settings, SettingAxis(figure_name)]
    title = "all settings: each a line, the best the darkest"
    figure = sheet(1.8 * len(columns) + 2.4, 4.9, title)
    axes = figure.add_subplot()
    drawn = [*ended, *done]
    values = [*([_place(column, one) for one in drawn] for column in settings), [one.value for one in drawn]]
    heights = np.array([_heights(axes, place, *pair) for place, pair in enumerate(zip(columns, values, strict=True))])
    for line in heights.T[: len(ended)]:
        axes.plot(line, color=BETWEEN, linewidth=1, linestyle="--", zorder=1)
    colors = _scale()(np.linspace(0.0, 1.0, len(done)) if len(done) > 1 else [1.0])
    for line, color in zip(heights.T[len(ended) :], colors, strict=True):
        axes.plot(line, color=color, linewidth=1.5)
    axes.set(xlim=(-0.3, len(columns) - 0.4), ylim=(min(0.0, heights.min()) - 0.06, 1.06), yticks=[])
    axes.set_xticks(range(len(columns)), [short(column.name) for column in columns], fontsize=9.5)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    _explain(figure, axes, len(done), bool(ended))
    save(figure, path)


def _explain(figure: Figure, axes: Axes, count: int, ended: bool) -> None:
    """The key of the colours, and of the lines that have none."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.lines import Line2D

    bar = figure.colorbar(ScalarMappable(cmap=_scale()), ax=axes, ticks=[0, 1], fraction=0.03, pad=0.01, shrink=0.6)
    bar.ax.set_yticklabels(["worst", "best"])
    bar.ax.tick_params(length=0)
    bar.outline.set_visible(False)
    bar.set_label(f"rank among {count} trained to the end" if count > 1 else "trained to the end")
    if ended:
        handle = Line2D([], [], color=BETWEEN, linewidth=1.2, linestyle="--")
        figure.legend([handle], ["ended early, by the pruner"], loc="outside lower center")


def _scale() -> Colormap:
    """From pale yellow, the worst, to dark violet."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    return ListedColormap(colormaps["viridis_r"](np.linspace(_PALEST, 1, 256)))


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
        axes.annotate(words, (across, height), (4, 3), textcoords="offset points", fontsize=8.5, bbox=_BEHIND)
    return np.where(np.isnan(values), _ABSENT, (values - low) / span)


def _place(column: SettingAxis, one: Tried) -> float:
    return column.place(one.params[column.name]) if column.name in one.params else float("nan")
