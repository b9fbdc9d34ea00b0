"""Rectangles in images."""

import numpy as np

from base.types import Array


def within(corners: Array, sizes: Array | int, shape: tuple[int, int]) -> Array:
    """Which pixels (..., H, W) lie in a rectangle whose upper left corner and size are (..., 2) whole numbers."""
    ends = corners + sizes
    down, right = (
        (np.arange(length) >= corners[..., axis, None]) & (np.arange(length) < ends[..., axis, None])
        for axis, length in enumerate(shape)
    )
    return down[..., :, None] & right[..., None, :]
