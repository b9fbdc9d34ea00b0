"""Feature maps of a few images, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import save, sheet
from logger.pictures.text import shortened
from logger.pictures.tiles import as_images, bare, brightness, mosaic

CHANNELS = 6  # of each layer that are shown
_INCHES = 0.58
_MIDDLE = 0.3  # inches between the blocks of two samples
_LEFT = 1.3
_LONGEST = 40  # letters of a line above a sample


@dataclass(frozen=True)
class LayerMaps:
    """The outputs (N, H, W, C) of a layer for the samples."""

    name: str
    type: str
    maps: Array


@drawing
def draw_feature_maps(
    samples: Array, titles: Sequence[Sequence[str]], layers: Sequence[LayerMaps], title: str, path: Path
) -> None:
    """Draw samples (N, H, W) or (N, H, W, C), a column each, and below some channels of each layer, into a PNG.

    A sample's title is one line or several. Shown are the channels that differ most over the samples and their places,
    in their order. Raises WriteError.
    """
    images = brightness(as_images(samples))
    count = len(images)
    heights = [1.5, *[max(0.5, _INCHES * min(1.6, _tallness(layer.maps))) for layer in layers]]
    width = _LEFT + count * (CHANNELS * _INCHES + _MIDDLE)
    lines = max(map(len, titles))
    figure = sheet(width, sum(heights) + 0.1 * len(heights) + 0.5 + 0.18 * lines, title)
    plots = figure.subplots(len(heights), count, squeeze=False, height_ratios=heights)
    for axes in plots.ravel():
        bare(axes)
    for axes, image, said in zip(plots[0], images, titles, strict=True):
        axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        text = axes.set_title("\n".join(shortened(line, _LONGEST) for line in said), loc="center")
        text.set_in_layout(False)  # a long name is not to make images small
        room = CHANNELS * _INCHES * figure.dpi / text.get_window_extent().width
        text.set_fontsize(text.get_fontsize() * min(1, room))
    for row, layer in zip(plots[1:], layers, strict=True):
        _draw_row(row, layer)
    save(figure, path)


def _tallness(maps: Array) -> float:
    return float(maps.shape[1] / maps.shape[2])


def _draw_row(row: Array, layer: LayerMaps) -> None:
    height, width, channels = layer.maps.shape[1:]
    chosen = _liveliest(layer.maps)
    maps = layer.maps[..., chosen]
    low, high = float(maps.min()), float(maps.max())
    for axes, one in zip(row, maps, strict=True):
        tiles = mosaic(np.moveaxis(one, -1, 0), min(CHANNELS, max(channels, CHANNELS)))
        axes.imshow(tiles, cmap="viridis", vmin=low, vmax=high if high > low else low + 1, interpolation="nearest")
    text = f"{layer.name}\n{layer.type}\n{height} x {width} x {channels}"
    row[0].set_ylabel(text, rotation=0, ha="right", va="center", fontsize=8.5)


def _liveliest(maps: Array) -> Array:
    spread = maps.astype(np.float64).std(axis=(0, 1, 2))
    return np.sort(np.argsort(-spread, kind="stable")[:CHANNELS])
