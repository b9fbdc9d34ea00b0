"""Many small images as one large one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array, Shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FINEST = 18  # pixels that a tile is made of at least, so that the gap between two is a small part of it
_OUTLIERS = 0.998  # the share of numbers that a colour scale covers, so that a few large ones do not pale the others


def mosaic(tiles: Array, columns: int) -> Array:
    """Tiles (N, h, w) or (N, h, w, 3), row after row with gaps that are nan, of colours white."""
    count, height, width = tiles.shape[:3]
    finer = math.ceil(_FINEST / max(height, width))
    tiles = tiles.repeat(finer, axis=1).repeat(finer, axis=2)
    height, width = height * finer, width * finer
    gap = max(1, round(max(height, width) / 10))
    rows = math.ceil(count / columns)
    empty = 1.0 if tiles.ndim == 4 else np.nan
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, *tiles.shape[3:])
    sheet = np.full(shape, empty, np.float32)
    for place, tile in enumerate(tiles):
        top, left = (place // columns) * (height + gap), (place % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = tile
    return sheet


def is_image(shape: Shape) -> bool:
    """True if a sample of this shape, (H, W) or (H, W, C), can be shown as an image."""
    return len(shape) in (2, 3) and min(shape[:2]) > 1


def as_images(samples: Array) -> Array:
    """Samples (N, H, W) or (N, H, W, C) as grey images (N, H, W), or (N, H, W, 3) where C is 3.

    Other channels are averaged.
    """
    if samples.ndim == 3 or samples.shape[3] == 3:
        return samples
    return samples[..., 0] if samples.shape[3] == 1 else samples.mean(axis=3)


def brightness(images: Array) -> Array:
    """Images scaled to lie from 0 to 1, all alike."""
    images = images.astype(np.float64)
    low, high = images.min(), images.max()
    return np.asarray((images - low) / (high - low or 1))


def reach(values: Array) -> float:
    """The end of a colour scale on both sides of 0 that suits these numbers."""
    sizes = np.abs(values[np.isfinite(values)])
    most = float(np.quantile(sizes, _OUTLIERS)) if sizes.size else 0.0
    return most or float(sizes.max(initial=0.0)) or 1.0


def coloured(weights: Array, bound: float) -> Array:
    """Weights of red, green and blue as colours; 0 is grey."""
    return np.asarray(np.clip(0.5 + weights / (2 * bound), 0, 1))


def bare(axes: Axes, background: str = "white") -> None:
    """A plot without a frame and ticks, for images; the background is what is seen where they are nan."""
    axes.set(xticks=[], yticks=[], facecolor=background)
    axes.spines[:].set_visible(False)


def spread(count: int, most: int) -> list[int]:
    """At most so many of the numbers below `count`, first and last among them, at equal distances.

    >>> spread(3, 5), spread(10, 4)
    ([0, 1, 2], [0, 3, 6, 9])
    """
    return list(range(count)) if count <= most else np.linspace(0, count - 1, most).round().astype(int).tolist()
