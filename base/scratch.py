"""Memory for the large arrays of a step, used again as soon as nothing refers to it.

New memory is slow: the system clears each page when it is first written to. What was just let go of is often still in
the cache.
"""

import math
import sys
import threading

import numpy as np

from base.types import Array, Shape

LARGE = 2**16  # bytes; what is smaller comes from the C library, which keeps such pieces itself
LONG = 10_000  # a block that has not been taken for so many others is given up
LINE = 64  # bytes of a cache line, where each block begins


class _Block:
    """A piece of memory, which numbers may use from the start of a cache line on."""

    def __init__(self, size: int) -> None:
        self.bytes = np.empty(size + LINE, np.uint8)
        self.start = -self.bytes.ctypes.data % LINE
        self.size = size
        self.taken = 0  # when it was last taken, counted in blocks

    def is_free(self) -> bool:
        """True if no array refers to it: all views of a block refer to `bytes`."""
        return sys.getrefcount(self.bytes) == _FREE

    def array(self, size: int, shape: Shape, dtype: np.dtype | type) -> Array:
        """Its first so many bytes as an array."""
        return self.bytes[self.start : self.start + size].view(dtype).reshape(shape)


class _Blocks(threading.local):
    """The blocks of a thread."""

    def __init__(self) -> None:
        self.held: list[_Block] = []
        self._taken = 0

    def take(self, size: int) -> _Block:
        """The smallest free one that is large enough and not much too large, or a new one."""
        self._taken += 1
        found = None
        for block in self.held:
            if size <= block.size <= 2 * size and (found is None or block.size < found.size) and block.is_free():
                found = block
        if found is None:
            self.held = [block for block in self.held if self._taken - block.taken < LONG or not block.is_free()]
            found = _Block(size)
            self.held.append(found)
        found.taken = self._taken
        return found


_BLOCKS = _Blocks()
_UNUSED = _Block(0)
_FREE = sys.getrefcount(_UNUSED.bytes)  # of what nothing but its block refers to


def empty(shape: Shape, dtype: np.dtype | type) -> Array:
    """An uninitialised array, as of np.empty, in the smallest block that is free and large enough."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    return np.empty(shape, dtype) if size < LARGE else _BLOCKS.take(size).array(size, shape, dtype)
