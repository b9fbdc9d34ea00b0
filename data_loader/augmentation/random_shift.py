"""Images moved by whole pixels."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from base.base_augmentation import BaseAugmentation
from base.constraints import PositiveInt
from base.types import Array, Shape
from data_loader.augmentation.chance import Probability, chosen
from data_loader.augmentation.images import require_images
from data_loader.augmentation.scratch import scratch


class RandomShift(BaseAugmentation):
    """Each image (H, W, C) is moved by a whole number of pixels along each axis.

    max_pixels: the largest move; every move from -max_pixels to max_pixels is equally likely.
    p: the probability that an image is changed.
    fill: the value of pixels that come in from beyond the edge.
    """

    def __init__(self, max_pixels: PositiveInt, p: Probability = 1.0, fill: float = 0.0) -> None:
        self.max_pixels = max_pixels
        self.p = p
        self.fill = fill

    def check(self, input_shape: Shape) -> None:
        require_images(self, input_shape)
        if self.max_pixels >= min(input_shape[:2]):
            raise ValueError(f"max_pixels {self.max_pixels} would move all of an image {input_shape[:2]} out of sight")

    def apply(self, x: Array, generator: np.random.Generator) -> Array:
        edge = self.max_pixels
        count, height, width, channels = x.shape
        if not count:
            return x
        framed = scratch("framed", (count, height + 2 * edge, width + 2 * edge, channels), x.dtype)
        framed.fill(self.fill)
        framed[:, edge:-edge, edge:-edge] = x
        corners = generator.integers(0, 2 * edge + 1, size=(2, count))
        row, column = np.where(chosen(self.p, count, generator), corners, edge)[..., None]
        lines = np.arange(count)[:, None] * framed.shape[1] + row + np.arange(height)
        starts = (lines * framed.shape[2] + column) * channels
        # whole lines out of the flat frame: half the time of cutting windows with two axes
        x[...] = sliding_window_view(framed.reshape(-1), width * channels)[starts].reshape(x.shape)
        return x
