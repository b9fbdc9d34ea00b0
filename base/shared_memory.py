"""Arrays that stay one and the same in the processes forked from this one."""

import math
import mmap

import numpy as np

from base.types import Array


def shared_zeros(shape: int | tuple[int, ...], dtype: np.dtype | type | str) -> Array:
    """Zeros that a forked process sees and changes as this one does; anything else it would get a copy of."""
    size = math.prod(shape) if isinstance(shape, tuple) else shape
    memory = mmap.mmap(-1, max(size * np.dtype(dtype).itemsize, 1))
    array: Array = np.frombuffer(memory, dtype, count=size).reshape(shape)
    return array
