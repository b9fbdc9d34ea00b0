"""The kernels of convolutions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import BETWEEN, MUTED, SIGNED, save, sheet
from logger.pictures.tiles import bare, coloured, mosaic, reach, spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_LAYERS = 12
_MOST_TILES = 64
_SIDE = 8  # kernels of a layer across and down, where each has several inputs
_MOST_CELLS = 256  # inputs and outputs of a heat map
_ACROSS = 4


@drawing
def draw_kernels(layers: Mapping[str, Array], sees_colours: str | None, path: Path) -> None:
    """Draw the kernels (k, k, in, out) of each layer as tiles, each layer on its own scale, into a PNG.

    Those of the layer `sees_colours`, whose inputs are red, green and blue, are drawn as colours. Raises WriteError.
    """
    names = list(layers)
    shown = [names[place] for place in spread(len(names), _MOST_LAYERS)]
    across = min(_ACROSS, math.ceil(math.sqrt(len(shown))))
    down = -(-len(shown) // across)
    title = "kernels" if len(shown) == len(names) else f"kernels of {len(shown)} of {len(names)} layers"
    figure = sheet(max(across, 2) * 3.3, down * 3.65 + 0.35, title)
    plots = figure.subplots(down, across, squeeze=False).ravel().tolist()
    for axes in plots[len(shown) :]:
        axes.remove()
    for axes, name in zip(plots, shown, strict=False):
        _draw(figure, axes, name, layers[name], colours=name == sees_colours)
    save(figure, path)


def _draw(figure: Figure, axes: Axes, name: str, weights: Array, colours: bool) -> None:
    bound = reach(weights)
    picture, text = _arranged(weights, bound, colours)
    image = axes.imshow(picture, cmap=SIGNED, vmin=-bound, vmax=bound, interpolation="nearest")
    bare(axes, BETWEEN if picture.ndim == 2 else "white")
    axes.set_title(f"{name}\n{text}", fontsize=10)
    if picture.ndim == 2:
        bar = figure.colorbar(image, ax=axes, orientation="horizontal", extend="both", fraction=0.04, pad=0.02)
        bar.set_ticks([-bound, 0, bound], labels=[f"{-bound:.2g}", "0", f"{bound:.2g}"])
        bar.ax.tick_params(labelsize=8.5)
    if weights.shape[:2] == (1, 1):
        axes.set_aspect("auto")
        axes.spines[:].set(visible=True, color=MUTED)


def _arranged(weights: Array, bound: float, colours: bool) -> tuple[Array, str]:
    """Some kernels as one image, and what it shows."""
    height, width, inputs = weights.shape[:3]
    if (height, width) == (1, 1):
        cells = weights[0, 0, :_MOST_CELLS, :_MOST_CELLS].T
        return cells, _text(weights, cells.shape[1], cells.shape[0])
    if inputs == 1 or colours:
        tiles = np.moveaxis(weights[..., :_MOST_TILES], -1, 0)
        tiles = coloured(tiles, bound) if colours else tiles[..., 0]
        return mosaic(tiles, math.ceil(math.sqrt(len(tiles)))), _text(weights, None, len(tiles), colours)
    part = weights[..., :_SIDE, :_SIDE]
    tiles = part.transpose(3, 2, 0, 1).reshape(-1, height, width)
    across, down = part.shape[2:]
    return mosaic(tiles, across), _text(weights, across, down)


def _text(weights: Array, across: int | None, down: int, colours: bool = False) -> str:
    """A line that counts kernels and those shown; `across` is None where each is shown once, in colour or grey."""
    height, width, inputs, outputs = weights.shape
    text = f"{_of(down, outputs)} kernel{'s' * (outputs > 1)} {height} x {width}" + ("; grey is 0" if colours else "")
    return text if across is None else f"{text} (down)\nfor {_of(across, inputs)} inputs (across)"


def _of(shown: int, count: int) -> str:
    return str(count) if shown == count else f"the first {shown} of {count}"
