"""An allocator for the large arrays of a step: memory is reused as soon as no array refers to it.

New memory is slow, as the system clears each page when it is first written to; reused memory is often still in the
cache.
"""

import math
import sys
import threading

import numpy as np

from base.types import Array, Shape

LARGE = 2**16  # bytes; smaller arrays come from the C library, which reuses their memory itself
LONG = 10_000  # allocations after which a block that was not used is freed
LINE = 64  # bytes of a cache line, where each block begins


class _Block:
    """A block of memory whose arrays begin at a cache line."""

    def __init__(self, size: int) -> None:
        self.bytes = np.empty(size + LINE, np.uint8)
        self.start = -self.bytes.ctypes.data % LINE
        self.size = size
        self.taken = 0  # the number of the allocation that last used it

    def is_free(self) -> bool:
        """True if no array refers to it: all views of a block refer to `bytes`."""
        return sys.getrefcount(self.bytes) == _FREE

    def array(self, size: int, shape: Shape, dtype: np.dtype | type) -> Array:
        """An array in its first `size` bytes."""
        return self.bytes[self.start : self.start + size].view(dtype).reshape(shape)


class _Blocks(threading.local):
    """The blocks of a thread."""

    def __init__(self) -> None:
        self.held: list[_Block] = []
        self._taken = 0

    def take(self, size: int) -> _Block:
        """The smallest free block that is large enough and not more than twice too large, or a new one."""
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
