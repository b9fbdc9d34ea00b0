"""Arguments of kernels: writable arrays in one piece; for other kinds they would be compiled anew."""

import numpy as np

from base.types import Array

_NO_NUMBERS = {dtype: np.empty(0, dtype) for dtype in (np.dtype("float32"), np.dtype("float64"))}


def whole(array: Array, dtype: np.dtype | None = None) -> Array:
    """The array itself, or a copy of one that is not in one piece or not of a type that is asked for."""
    is_fit = array.flags.carray and dtype in (None, array.dtype)
    return array if is_fit else np.array(array, dtype, order="C")


def written(out: Array) -> Array:
    """The array itself, which is written to and so has to be in one piece. Raises ValueError where it is not."""
    if not out.flags.carray:
        raise ValueError("what operations write to has to be a C-ordered array that may be written to")
    return out


def optional(array: Array | None, like: Array) -> Array:
    """The array in one piece and of the type of another, or an empty one for None."""
    return _NO_NUMBERS[like.dtype] if array is None else whole(array, like.dtype)
