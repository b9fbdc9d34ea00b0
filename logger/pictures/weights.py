"""The weights of fully connected layers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array, Shape
from logger.console import counted
from logger.pictures.drawing import drawing
from logger.pictures.style import BETWEEN, BLUE, INK, MUTED, SIGNED, head, save, sheet, style
from logger.pictures.tiles import as_images, bare, coloured, mosaic, reach, spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import AsinhNorm
    from matplotlib.figure import SubFigure
    from matplotlib.image import AxesImage

_MOST_TILES = 64
_MOST_PLOTS = 9
_NARROW = (
    32  # inputs or outputs up to which a heat map of a layer can be read; lines of a wide one are thinner than pixels
)
_SORTED = 12  # units from which on an order helps
_ACROSS = 3  # plots side by side
_WIDTH = 9.6
_FURTHEST = 100  # times that weights of one map may be larger than another's before that one becomes pale
_ROOM = 0.3  # below a distribution for its legend, of its height
_BANDS = ((0, 100), (5, 95), (25, 75))  # percentiles


@dataclass(frozen=True)
class InputWeights:
    """The weights (in, out) of a layer that sees the input, and the shape of that."""

    name: str
    weights: Array
    shape: Shape


@drawing
def draw_weights(seeing: InputWeights | None, others: Mapping[str, Array], path: Path) -> None:
    """Draw a layer's weights as images of the input, and those (in, out) of others below, into a PNG.

    A layer with few inputs or outputs is a heat map, its units sorted. Heat maps have one scale of colours, in which 0
    is white, and which spreads small weights. Of a wide layer the distribution of each unit's weights is drawn. Raises
    WriteError.
    """
    rows = -(-min(len(others), _MOST_PLOTS) // _ACROSS)
    heights = [_tiles_height(seeing)] * (seeing is not None) + [2.7 * rows + 0.6] * (rows > 0)
    figure = sheet(_WIDTH, sum(heights))
    parts = figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights).ravel().tolist()
    if seeing is not None:
        _draw_tiles(parts[0], seeing)
    if rows:
        _draw_others(parts[-1], others)
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
        part.colorbar(image, ax=axes, extend="both", shrink=0.9, fraction=0.03, pad=0.01)
    few = units <= _MOST_TILES
    which = f"all {units} units" if few else f"the {_MOST_TILES} of {units:,} units with the largest norm"
    grey = "; grey is 0" if tiles.ndim == 4 else ""
    size = f"{seeing.shape[0]} x {seeing.shape[1]}"
    axes.set_title(f"{seeing.name}: {which}, as images of the input ({size}){grey}")


def _draw_others(part: SubFigure, others: Mapping[str, Array]) -> None:
    names = list(others)
    shown = [names[place] for place in spread(len(names), _MOST_PLOTS)]
    plots = part.subplots(-(-len(shown) // _ACROSS), min(_ACROSS, len(shown)), squeeze=False).ravel().tolist()
    for axes in plots[len(shown) :]:
        axes.remove()
    narrow = [name for name in shown if min(others[name].shape) <= _NARROW]
    norm = _shared_scale([reach(others[name]) for name in narrow]) if narrow else None
    for axes, name in zip(plots, shown, strict=False):
        inputs, outputs = others[name].shape
        axes.set_title(f"{name}: {counted(inputs, 'input')}, {counted(outputs, 'output')}")
        if name in narrow:
            image = _draw_map(axes, others[name], norm)
        else:
            _draw_distribution(axes, others[name])
    if norm is not None:
        bar = part.colorbar(image, ax=plots[: len(shown)], extend="both", aspect=30, fraction=0.05)
        bar.ax.minorticks_off()
        bar.set_ticks(ticks := _ticks(norm), labels=[f"{tick:g}" for tick in ticks])
        bar.set_label("weight")
    if len(shown) < len(names):
        head(part, f"{len(shown)} of {len(names)} layers")


def _draw_map(axes: Axes, weights: Array, norm: AsinhNorm | None) -> AxesImage:
    """Few units, all inputs or outputs of each, in an order in which those that are alike are neighbours."""
    sorted_weights, across, up = _sorted(weights)
    image = axes.imshow(sorted_weights.T, cmap=SIGNED, norm=norm, aspect="auto", interpolation="nearest")
    axes.set(xlabel=f"input{across}", ylabel=f"output{up}")
    axes.spines[:].set(visible=True, color=MUTED)
    _count(axes)
    return image


def _sorted(weights: Array) -> tuple[Array, str, str]:
    """Weights (in, out) with the longer side sorted, if that is long, and what to say of each side."""
    inputs, outputs = weights.shape
    if max(inputs, outputs) <= _SORTED:
        return weights, "", ""
    if inputs >= outputs:
        return weights[_order(weights)], ", sorted by the output it adds to most" if outputs > 1 else ", sorted", ""
    return weights[:, _order(weights.T)], "", ", sorted by its strongest input"


def _order(units: Array) -> Array:
    """An order of units (N, K): by which of their K weights is the largest, then by how large."""
    strongest = units.argmax(axis=1)
    return np.lexsort((-units.max(axis=1), strongest))


def _draw_distribution(axes: Axes, weights: Array) -> None:
    """The percentiles of each output's weights, the output with the largest norm first."""
    style(axes)
    order = np.argsort(-np.linalg.norm(weights.astype(np.float64), axis=0), kind="stable")
    units = np.arange(len(order))
    for band, alpha in zip(_BANDS, (0.18, 0.35, 0.7), strict=True):
        low, high = np.percentile(weights[:, order], band, axis=0)
        label = "all weights" if band == (0, 100) else f"{band[1] - band[0]} %"
        axes.fill_between(units, low, high, color=BLUE, alpha=alpha, linewidth=0, step="mid", label=label)
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.set(xlabel="output, sorted by the norm of its weights", ylabel="weight", xlim=(0, len(order) - 1))
    low, high = float(weights.min()), float(weights.max())
    axes.set_ylim(low - _ROOM * (high - low or 1), high + 0.05 * (high - low or 1))
    axes.legend(ncols=3, loc="lower center", fontsize=8.5, handlelength=1.2, columnspacing=1)


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


def _count(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=1))
