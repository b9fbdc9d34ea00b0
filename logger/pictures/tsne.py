"""A map of samples on which those that a layer sees as alike lie close, and a sheet of such maps over the epochs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import CLASS_COLORS, CLASS_MARKERS, INK, MUTED, head, panels, save
from logger.pictures.text import add_legend, make_drawable, shortened
from logger.tsne_map import TsneMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST_LEGEND = 20
_MOST_MAPS = 12
_PANEL = 3.3  # the width of a map on a sheet, in inches
_TOUCHING = (0.9, 0.7)  # of a name's width and height, which others may not touch
_COMPARED = 500  # samples of a class, with each other
_LEGEND_NAME, _MAP_NAME = 24, 10  # characters
_NAME_SIZES = ((20, 12.0, 9.0), (50, 9.0, 7.0), (150, 6.5, 0.0))  # up to so many classes: on a map, on a sheet


@drawing
def draw_map(drawn: TsneMap, classes: Sequence[str] | None, title: str, path: Path) -> None:
    """Draw one map into a PNG. A class has the same colour and mark in every picture. Raises WriteError."""
    figure, (axes,) = panels(1, width=7.2, height=6.0, title=title)
    dots = _draw(axes, drawn, classes, width=7.2)
    _write_names(axes, drawn, classes or (), on_sheet=False)
    _explain(figure, classes, [drawn], dots, [axes])
    _clear(figure)
    save(figure, path)


@drawing
def draw_tsne_sheet(maps: Mapping[int, TsneMap], classes: Sequence[str] | None, title: str, path: Path) -> None:
    """Draw the maps of several epochs, by epoch, side by side into a PNG: of more than 12 the first, the last and
    those evenly between. Raises WriteError.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    epochs = _some(sorted(maps))
    columns = len(epochs) if len(epochs) <= 3 else math.ceil(math.sqrt(len(epochs)))
    lines = math.ceil(len(epochs) / columns)
    layout = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06)
    figure = Figure(figsize=(columns * _PANEL + 1.2, lines * _PANEL + 0.6), layout=layout, facecolor="white")
    plots = [figure.add_subplot(lines, columns, place + 1) for place in range(len(epochs))]
    for axes, epoch in zip(plots, epochs, strict=True):
        dots = _draw(axes, maps[epoch], classes, width=_PANEL)
        _write_names(axes, maps[epoch], classes or (), on_sheet=True)
        axes.set_title("before training" if epoch == 0 else f"after epoch {epoch}")
    head(figure, title)
    _explain(figure, classes, [maps[epoch] for epoch in epochs], dots, plots)
    _clear(figure)
    save(figure, path)


def _some(epochs: Sequence[int]) -> list[int]:
    if len(epochs) <= _MOST_MAPS:
        return list(epochs)
    return [epochs[place] for place in np.linspace(0, len(epochs) - 1, _MOST_MAPS).round().astype(int)]


def _draw(axes: Axes, drawn: TsneMap, classes: Sequence[str] | None, width: float) -> Any:
    """One map; returns what a colour bar describes, where targets are numbers."""
    axes.set(xticks=[], yticks=[], aspect="equal")
    axes.set_adjustable("datalim")
    axes.spines[["top", "right", "left", "bottom"]].set(visible=True, color=MUTED, linewidth=0.6)
    area = float(np.clip(12000 / len(drawn.points), 4, 40)) * (width / 7.2) ** 1.5
    x, y = drawn.points.T
    if classes is None:
        low, high = drawn.targets.min(), drawn.targets.max()
        return axes.scatter(x, y, c=drawn.targets, cmap="viridis", vmin=low, vmax=high, s=area, linewidths=0)
    for index in np.unique(drawn.targets).tolist():
        mine, (color, marker) = drawn.targets == index, _look(index)
        axes.scatter(x[mine], y[mine], s=area, color=color, marker=marker, linewidths=0)
    return None


def _look(index: int) -> tuple[str, str]:
    """The colour and mark of a class, whichever others there are."""
    turn, color = divmod(index, len(CLASS_COLORS))
    return CLASS_COLORS[color], CLASS_MARKERS[turn % len(CLASS_MARKERS)]


def _explain(
    figure: Figure, classes: Sequence[str] | None, maps: Sequence[TsneMap], dots: Any, plots: Sequence[Axes]
) -> None:
    """One legend for all plots; where there are too many classes for one, their names in the plots must do."""
    from matplotlib.lines import Line2D

    if classes is None:
        figure.colorbar(dots, ax=list(plots), label="target", shrink=0.8)
    elif len(classes) <= _LONGEST_LEGEND:
        present = np.unique(np.concatenate([drawn.targets for drawn in maps])).tolist()
        names = [shortened(classes[index], _LEGEND_NAME) for index in present]
        looks = map(_look, present)
        handles = [Line2D([], [], linestyle="", color=color, marker=marker) for color, marker in looks]
        add_legend(figure, handles, names, loc="outside right center", handletextpad=0.1)


def _write_names(axes: Axes, drawn: TsneMap, classes: Sequence[str], on_sheet: bool) -> None:
    """Each class' name where most of its samples are, as large as there is room for."""
    from matplotlib.patheffects import withStroke

    size = next((sizes[on_sheet] for most, *sizes in _NAME_SIZES if len(classes) <= most), 0.0)
    for index in np.unique(drawn.targets).tolist() if classes and size else ():
        x, y = _densest(drawn.points[drawn.targets == index])
        name = shortened(classes[index], _MAP_NAME)
        text = axes.text(x, y, name, color=INK, fontsize=size, weight="bold", ha="center", va="center", clip_on=True)
        text.set_path_effects([withStroke(linewidth=size / 4, foreground="white")])
        text.set_in_layout(False)  # a name at the edge is not to make its map small


def _clear(figure: Figure) -> None:
    """Take away names that would lie on others, which could not be read either."""
    make_drawable(figure)
    figure.draw_without_rendering()
    for axes in figure.axes:
        kept: list[Any] = []
        for text in axes.texts:
            place = text.get_window_extent().expanded(*_TOUCHING)
            text.set_visible(place.count_overlaps(kept) == 0)
            kept += [place] if text.get_visible() else []


def _densest(points: Array) -> tuple[float, float]:
    """The point with a third of the others nearest to it; a mean of two groups would lie in neither."""
    some = points[:: math.ceil(len(points) / _COMPARED)]
    distances = np.linalg.norm(some[:, None] - some, axis=2)
    x, y = some[np.sort(distances, axis=1)[:, len(some) // 3].argmin()].tolist()
    return x, y
