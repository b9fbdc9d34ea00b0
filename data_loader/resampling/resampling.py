"""Augmentations that move the pixels of images."""

from abc import abstractmethod
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.types import Array, Shape
from data_loader.image_batches import pieces, require_images
from data_loader.random_draws import Probability, bernoulli


class BaseResampling(BaseAugmentation):
    """Moves what is at some places of an image (H, W, C) to others, and interpolates linearly between its pixels.

    p: the probability that an image is augmented.
    fill: the value of pixels that come in from beyond the edge, as the network gets them, after normalize.
    """

    def __init__(self, p: Probability, fill: float) -> None:
        self.p = p
        self.fill = fill

    @abstractmethod
    def drawn(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> Array:
        """Random parameters of the change, a row for each image."""

    @abstractmethod
    def find(self, places: Array, size: tuple[int, int], drawn: Array, out: Array) -> None:
        """Write where in the unchanged images lies what is to be seen at `places`.

        Both are (N, 2, H W): a row and a column in pixels for each pixel. `places` are not to be written to; `drawn`
        are the rows of these images.
        """

    def check(self, input_shape: Shape) -> None:
        require_images(self, input_shape)

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        return resample(x, [self], generator), target


def resample(x: Array, changes: Sequence[BaseResampling], generator: np.random.Generator) -> Array:
    """The images after all these changes, interpolated once; beyond their edges is the first one's `fill`."""
    made = np.stack([bernoulli(change.p, len(x), generator) for change in changes])
    moved = np.flatnonzero(made.any(axis=0))
    size = x.shape[1:3]
    drawn = [change.drawn(len(moved), size, generator) for change in changes]
    for piece in pieces(len(moved), size[0] * size[1]):
        rows = moved[piece]
        images = np.ascontiguousarray(x[rows])
        places = _source(images, changes, made[:, rows], [one[piece] for one in drawn])
        changes[0].ops.bilinear(images, places, changes[0].fill, out=images)
        x[rows] = images
    return x


def _source(x: Array, changes: Sequence[BaseResampling], made: Array, drawn: Sequence[Array]) -> Array:
    """Source coordinates of each pixel, of images that are changed as `made` (changes, images) says."""
    size = x.shape[1:3]
    places = np.broadcast_to(_grid(size, x.dtype), (len(x), 2, size[0] * size[1]))
    for change, own, changed in reversed(list(zip(changes, drawn, made, strict=True))):
        before, places = places, np.empty(places.shape, x.dtype)  # the last change looks into what the others made
        change.find(before, size, own, out=places)
        if not changed.all():
            places[~changed] = before[~changed]
    return places


@lru_cache(maxsize=16)
def _grid(size: tuple[int, int], dtype: np.dtype) -> Array:
    """The rows and columns (2, H W) of all pixels."""
    grid = np.indices(size).reshape(2, -1).astype(dtype)
    grid.flags.writeable = False
    return grid
