"""Memory that is needed only while a layer computes."""

import math
import threading

import numpy as np

from base.types import Array, Shape


class Workspace(threading.local):
    """Arrays by name, each as large as the largest that was asked for; every thread has its own.

    All layers share them: what one leaves there, the next overwrites while it is still in the cache.
    """

    def __init__(self) -> None:
        self._held: dict[str, Array] = {}

    def array(self, name: str, shape: Shape, dtype: np.dtype) -> Array:
        """An uninitialised array, valid until the same name is asked for again."""
        size = math.prod(shape) * dtype.itemsize
        held = self._held.get(name)
        if held is None or len(held) < size:
            held = self._held[name] = np.empty(size, np.uint8)
        return held[:size].view(dtype).reshape(shape)


workspace = Workspace()
