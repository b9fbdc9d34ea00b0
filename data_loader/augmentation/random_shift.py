"""Images moved by whole pixels."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from base.base_augmentation import BaseAugmentation
from base.constraints import PositiveInt
from base.types import Array, Shape


class RandomShift(BaseAugmentation):
    """Each image (H, W, C) is moved by a whole number of pixels along each axis; what comes in at the edge is 0.

    max_pixels: the largest move; every move from -max_pixels to max_pixels is equally likely.
    """

    def __init__(self, max_pixels: PositiveInt) -> None:
        self.max_pixels = max_pixels

    def check(self, input_shape: Shape) -> None:
        if len(input_shape) != 3:
            raise ValueError(f"RandomShift needs images (H, W, C), but a sample has shape {input_shape}")
        if self.max_pixels >= min(input_shape[:2]):
            raise ValueError(f"max_pixels {self.max_pixels} would move all of an image {input_shape[:2]} out of sight")

    def apply(self, x: Array, generator: np.random.Generator) -> Array:
        edge = self.max_pixels
        count, height, width, channels = x.shape
        framed = np.zeros((count, height + 2 * edge, width + 2 * edge, channels), x.dtype)
        framed[:, edge:-edge, edge:-edge] = x
        row, column = generator.integers(0, 2 * edge + 1, size=(2, count, 1))
        lines = np.arange(count)[:, None] * framed.shape[1] + row + np.arange(height)
        starts = (lines * framed.shape[2] + column) * channels
        # whole lines out of the flat frame: half the time of cutting windows with two axes
        x[...] = sliding_window_view(framed.reshape(-1), width * channels)[starts].reshape(x.shape)
        return x
