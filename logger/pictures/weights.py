"""The weights of fully connected layers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array, Shape
from logger.pictures.drawing import drawing
from logger.pictures.style import BETWEEN, INK, MUTED, SIGNED, save, sheet
from logger.pictures.tiles import as_images, bare, coloured, mosaic, reach, spread

if TYPE_CHECKING:
    from matplotlib.colors import AsinhNorm
    from matplotlib.figure import SubFigure

_MOST_TILES = 64
_MOST_MAPS = 9
_MOST_CELLS = 1024  # rows or columns of a heat map
_ACROSS = 3  # heat maps side by side
_WIDTH = 9.6
_FURTHEST = 100  # times that weights of one map may be larger than another's before that one becomes pale


@dataclass(frozen=True)
class InputWeights:
    """The weights (in, out) of a layer that sees the input, and the shape of that."""

    name: str
    weights: Array
    shape: Shape


@drawing
def draw_weights(seeing: InputWeights | None, others: Mapping[str, Array], path: Path) -> None:
    """Draw a layer's weights as images of the input, and those (in, out) of others as heat maps, into a PNG.

    The heat maps have one scale of colours, in which 0 is white, and which spreads small weights: those of a wide layer
    are many times smaller than the last one's. Raises WriteError.
    """
    rows = -(-min(len(others), _MOST_MAPS) // _ACROSS)
    heights = [_tiles_height(seeing)] * (seeing is not None) + [2.7 * rows + 0.5] * (rows > 0)
    figure = sheet(_WIDTH, sum(heights))
    parts = figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights).ravel().tolist()
    if seeing is not None:
        _draw_tiles(parts[0], seeing)
    if rows:
        _draw_maps(parts[-1], others)
    save(figure, path)


def _columns(count: int) -> int:
    rows = math.ceil(count / max(4, math.ceil(math.sqrt(4 * count))))
    return math.ceil(count / rows)  # so that the last row is as full as can be


def _tiles_height(seeing: InputWeights | None) -> float:
    if seeing is None:
        return 0
    count = min(_MOST_TILES, seeing.weights.shape[1])
    columns = _columns(count)
    return 0.7 + min(6.0, math.ceil(count / columns) * 0.87 * _WIDTH / columns * seeing.shape[0] / seeing.shape[1])


def _draw_tiles(part: SubFigure, seeing: InputWeights) -> None:
    units = seeing.weights.shape[1]
    strongest = np.argsort(-np.linalg.norm(seeing.weights.astype(np.float64), axis=0), kind="stable")[:_MOST_TILES]
    tiles = as_images(seeing.weights.T[strongest].reshape(-1, *seeing.shape))
    bound = reach(tiles)
    axes = part.subplots()
    bare(axes, BETWEEN if tiles.ndim == 3 else "white")
    if tiles.ndim == 4:
        axes.imshow(mosaic(coloured(tiles, bound), _columns(len(tiles))), interpolation="nearest")
    else:
        image = axes.imshow(
            mosaic(tiles, _columns(len(tiles))), cmap=SIGNED, vmin=-bound, vmax=bound, interpolation="nearest"
        )
        part.colorbar(image, ax=axes, extend="both", shrink=0.9, fraction=0.03, pad=0.01).ax.tick_params(labelsize=8)
    few = units <= _MOST_TILES
    which = f"all {units} units" if few else f"the {_MOST_TILES} of {units:,} units with the largest norm"
    grey = "; grey is 0" if tiles.ndim == 4 else ""
    size = f"{seeing.shape[0]} x {seeing.shape[1]}"
    axes.set_title(f"{seeing.name}: {which}, as images of the input ({size}){grey}", fontsize=11, color=INK)


def _draw_maps(part: SubFigure, others: Mapping[str, Array]) -> None:
    names = list(others)
    shown = [names[place] for place in spread(len(names), _MOST_MAPS)]
    norm = _shared_scale([reach(others[name]) for name in shown])
    plots = part.subplots(-(-len(shown) // _ACROSS), min(_ACROSS, len(shown)), squeeze=False).ravel().tolist()
    for axes in plots[len(shown) :]:
        axes.remove()
    for axes, name in zip(plots, shown, strict=False):
        weights = others[name]
        cells = weights[:_MOST_CELLS, :_MOST_CELLS].T
        image = axes.imshow(cells, cmap=SIGNED, norm=norm, aspect="auto", interpolation="nearest")
        axes.set_title(f"{name}\n{weights.shape[0]:,} inputs, {weights.shape[1]:,} outputs", fontsize=10, color=INK)
        axes.set_xlabel(_axis("input", weights.shape[0]), fontsize=9, color=INK)
        axes.set_ylabel(_axis("output", weights.shape[1]), fontsize=9, color=INK)
        _count(axes)
    bar = part.colorbar(image, ax=plots[: len(shown)], extend="both", aspect=30, fraction=0.05)
    bar.ax.tick_params(labelsize=8)
    bar.ax.minorticks_off()
    bar.set_ticks(ticks := _ticks(norm), labels=[f"{tick:g}" for tick in ticks])
    bar.set_label("weight", fontsize=9, color=INK)
    if len(shown) < len(names):
        part.suptitle(f"{len(shown)} of {len(names)} layers", fontsize=10, color=INK)


def _shared_scale(bounds: Sequence[float]) -> AsinhNorm:
    """A scale from the largest bound on both sides of 0, as linear as the bounds are alike.

    However different they are, the layer with the smallest takes up about half of the colours.
    """
    from matplotlib.colors import AsinhNorm

    most = max(bounds)
    least = max(min(bounds), most / _FURTHEST)
    return AsinhNorm(least**2 / most, -most, most)


def _ticks(norm: AsinhNorm) -> list[float]:
    """Round numbers, about as far apart on the colour bar as each other."""
    above = [float(f"{norm.inverse(place):.1g}") for place in (0.66, 0.82, 0.97)]
    return [*(-tick for tick in above[::-1]), 0.0, *above]


def _axis(what: str, count: int) -> str:
    return what if count <= _MOST_CELLS else f"{what} (the first {_MOST_CELLS:,})"


def _count(axes: object) -> None:
    from matplotlib.axes import Axes
    from matplotlib.ticker import MaxNLocator

    assert isinstance(axes, Axes)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
    axes.tick_params(labelsize=8, color=MUTED, labelcolor=INK)
    axes.spines[:].set_color(MUTED)
