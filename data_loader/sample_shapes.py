"""The shape of a sample, such that what a position means stays the same."""

from collections.abc import Sequence
from itertools import accumulate
from math import prod
from operator import mul

import numpy as np

from base.errors import DataError
from base.types import Array, Shape

_CHANNELS = (1, 3, 4)  # of images: grey, colour, colour with transparency
_SMALLEST_SIDE = 5  # of what is taken for an image without being told


def shaped(inputs: Array, wanted: Sequence[int] | None, where: str) -> tuple[Array, str | None]:
    """Inputs (N, ...) with samples of the wanted shape, and what a user should know of it.

    Channels that are stored first are moved to the end, which is where layers look for them. Raises DataError for a
    shape that would put other numbers beside each other, or that a memory map could only take by being copied.
    """
    stored = inputs.shape[1:]
    if wanted is None:
        if not _has_channels_first(stored):
            return (inputs if stored else inputs[:, None]), None
        note = f"images with channels first; to keep them as stored set data_loader.args.shape to {list(stored)}"
        return _channels_last(inputs, where, note)
    shape = tuple(wanted)
    if _splits_or_merges(stored, shape):
        return _reshaped(inputs, shape, where), None
    if len(stored) > 2 and shape == (*stored[1:], stored[0]):
        return _channels_last(inputs, where, "channels first, as shape has them last")
    if prod(shape) != prod(stored):
        raise DataError(f"{where}: samples have shape {stored}, which cannot be made {shape}")
    raise DataError(
        f"{where}: samples have shape {stored}; to make them {shape} would mix axes, as shape may only split or merge "
        "neighbouring ones: transpose the array before it is saved, or give another shape"
    )


def _has_channels_first(stored: Shape) -> bool:
    return len(stored) == 3 and stored[0] in _CHANNELS and min(stored[1:]) >= _SMALLEST_SIDE


def _channels_last(inputs: Array, where: str, reason: str) -> tuple[Array, str]:
    moved = np.moveaxis(inputs, 1, -1)
    return moved, f"{where}: samples of shape {inputs.shape[1:]} are read as {moved.shape[1:]}: {reason}"


def _splits_or_merges(stored: Shape, shape: Shape) -> bool:
    """True if each border between two axes of one shape is one of the other, in the order of the numbers."""
    ours, others = ({*accumulate(axes, mul)} - {1} for axes in (stored, shape))
    return prod(stored) == prod(shape) and (ours <= others or others <= ours)


def _reshaped(inputs: Array, shape: Shape, where: str) -> Array:
    if not isinstance(inputs, np.memmap):
        return inputs.reshape(len(inputs), *shape)
    try:
        return np.reshape(inputs, (len(inputs), *shape), copy=False)
    except ValueError:
        raise DataError(
            f"{where}: is stored in Fortran order, so that samples of shape {inputs.shape[1:]} can be made {shape} "
            "only by a copy of the whole file: save it in C order (numpy.ascontiguousarray), or leave "
            "data_loader.args.shape out and let the network's layers change the shape"
        ) from None
