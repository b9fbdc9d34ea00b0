"""Memory that is used again, as fresh memory costs more than what is done in it: pages are mapped at first touch."""

import math
import threading

import numpy as np

from base.types import Array


class _Memory(threading.local):
    """Bytes by name, of each thread its own: one augmentation may serve several at the same time."""

    def __init__(self) -> None:
        self.blocks: dict[str, Array] = {}


_MEMORY = _Memory()


def scratch(name: str, shape: tuple[int, ...], dtype: np.dtype | type) -> Array:
    """An array with any content, valid until this thread asks for the name again."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    block = _MEMORY.blocks.get(name)
    if block is None or block.size < size:
        block = _MEMORY.blocks[name] = np.empty(size, np.uint8)
    return block[:size].view(dtype).reshape(shape)
