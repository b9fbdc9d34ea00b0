"""Results over two settings."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from base.types import Array
from logger.figures import figure_text
from logger.pictures.drawing import drawing
from logger.pictures.search.axis import SettingAxis, Tried, short
from logger.pictures.style import GRID, panels, save, text_color

_BINS = 6  # of a range of all numbers
_MOST_STEPS = 12
_MOST_TEXTS = 100
_COLORS = "viridis"


@drawing
def draw_heat_map(
    tried: Sequence[Tried], across: SettingAxis, up: SettingAxis, figure_name: str, mode: str, path: Path
) -> None:
    """Draw the mean result of each cell of two settings, the better the brighter. Raises WriteError."""
    done = [one for one in tried if one.done and across.name in one.params and up.name in one.params]
    columns, across_ticks = _bins(across, [one.params[across.name] for one in done])
    rows, up_ticks = _bins(up, [one.params[up.name] for one in done])
    means = _means(rows, columns, [one.value for one in done], (len(up_ticks), len(across_ticks)))
    title = f"mean {figure_name} of two settings"
    figure, (axes,) = panels(
        1, width=1.8 + 0.75 * len(across_ticks) + 1.6, height=1.9 + 0.5 * len(up_ticks), title=title
    )
    image = axes.imshow(means, origin="lower", aspect="auto", cmap=_COLORS if mode == "max" else f"{_COLORS}_r")
    axes.grid(visible=False)
    axes.set_facecolor(GRID)  # of cells without a result
    axes.set_xticks(range(len(across_ticks)), across_ticks, rotation=30 if len(across_ticks) > 5 else 0)
    axes.set_yticks(range(len(up_ticks)), up_ticks)
    axes.set(xlabel=short(across.name), ylabel=short(up.name))
    figure.colorbar(image, ax=axes).set_label(f"mean {figure_name}")
    _write_values(axes, means, image)
    save(figure, path)


def _bins(setting: SettingAxis, values: Sequence[Any]) -> tuple[list[int], list[str]]:
    """The cell of each value along a side, and the words of all cells."""
    if setting.labels is not None:
        return [int(setting.place(value)) for value in values], setting.label_texts()
    places = np.array([setting.place(value) for value in values])
    distinct = np.unique(places)
    if len(distinct) == 1 or (setting.stepped and len(distinct) <= _MOST_STEPS):
        return np.searchsorted(distinct, places).tolist(), [setting.words(place) for place in distinct]
    edges = np.linspace(places.min(), places.max(), _BINS + 1)
    cells = np.clip(np.searchsorted(edges, places, side="right") - 1, 0, _BINS - 1)
    return cells.tolist(), [setting.words((low + high) / 2) for low, high in itertools.pairwise(edges)]


def _means(rows: Sequence[int], columns: Sequence[int], values: Sequence[float], shape: tuple[int, int]) -> Array:
    total, count = np.zeros(shape), np.zeros(shape)
    np.add.at(total, (rows, columns), values)
    np.add.at(count, (rows, columns), 1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _write_values(axes: Any, means: Array, image: Any) -> None:
    if means.size > _MOST_TEXTS:
        return
    from matplotlib.colors import to_hex

    for (row, column), mean in np.ndenumerate(means):
        if np.isfinite(mean):
            color = text_color(to_hex(image.cmap(image.norm(mean))))
            axes.text(column, row, figure_text(mean), ha="center", va="center", fontsize=8.5, color=color)
