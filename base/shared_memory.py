"""Arrays in memory that forked processes share."""

import math
import mmap

import numpy as np

from base.types import Array


def shared_zeros(shape: int | tuple[int, ...], dtype: np.dtype | type | str) -> Array:
    """Zeros in memory that this process shares with those forked from it; of other arrays these have copies."""
    size = math.prod(shape) if isinstance(shape, tuple) else shape
    memory = mmap.mmap(-1, max(size * np.dtype(dtype).itemsize, 1))
    array: Array = np.frombuffer(memory, dtype, count=size).reshape(shape)
    return array
