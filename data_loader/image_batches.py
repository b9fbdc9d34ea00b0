"""Batches of images (N, H, W, C): what augmentations of them share."""

from collections.abc import Iterator

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.types import Array, Shape

_NUMBERS = 2**14  # in a piece: arrays of that size stay in the cache, and take memory that was used before


def pieces(count: int, size: int) -> Iterator[slice]:
    """Cuts of so many samples that have so many numbers each.

    >>> list(pieces(5, 8000))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 6, None)]
    """
    step = max(_NUMBERS // max(size, 1), 1)
    return (slice(start, start + step) for start in range(0, count, step))


def require_images(augmentation: BaseAugmentation, input_shape: Shape) -> None:
    """Raise ValueError where a sample is no image (H, W, C)."""
    if len(input_shape) != 3:
        name = type(augmentation).__name__
        raise ValueError(f"{name} needs images (H, W, C), but a sample has shape {input_shape}; remove {name}")


def rectangle_mask(corners: Array, sizes: Array | int, shape: tuple[int, int]) -> Array:
    """Mask (..., H, W) of the pixels in rectangles whose upper left corner and size are (..., 2) whole numbers."""
    ends = corners + sizes
    down, right = (
        (np.arange(length) >= corners[..., axis, None]) & (np.arange(length) < ends[..., axis, None])
        for axis, length in enumerate(shape)
    )
    return down[..., :, None] & right[..., None, :]
