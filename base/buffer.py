"""A named array that belongs to a model and is not trained."""

from collections.abc import Iterable

import numpy as np

from base.types import Array, Shape
from ops.tree_sum import tree_sum


class Buffer:
    """State that forward updates in training mode and reads in evaluation mode, such as a running mean.

    The shards of a batch share `value`, so forward does not change it. Each shard writes its own `next` instead: the
    value after this batch if the shard were the whole batch, or nan where it has no value to contribute. When all
    shards are done, `merge` makes the new value of them.
    """

    def __init__(self, shape: Shape, initial: float) -> None:
        self.shape = shape
        self.initial = initial
        self._value: Array | None = None
        self._next: Array | None = None

    def bind(self, value: Array, following: Array) -> None:
        """Use these views, of the buffer's shape."""
        self._value, self._next = value, following

    @property
    def value(self) -> Array:
        """The value before this batch; layers must not change it."""
        if self._value is None:
            raise RuntimeError("a buffer has no value before its model is built")
        return self._value

    @property
    def next(self) -> Array:
        """The buffer's next value, which forward must write in training, every time, as nothing else fills it."""
        if self._next is None:
            raise RuntimeError("a buffer has no value before its model is built")
        return self._next


def merge(buffers: Array, proposals: Iterable[tuple[Array, int]]) -> None:
    """Set each number to the mean of the shards' next values, weighted by their sample counts, in a fixed order.

    Shards with nan for a number are left out of its mean; where all have nan, the number does not change. Sums are in
    float64, so that a count that is equal in all shards stays exact.
    """
    weighted = [(np.multiply(proposed, count, dtype=np.float64), count) for proposed, count in proposals]
    total = tree_sum([np.where(np.isnan(term), 0.0, term) for term, _ in weighted])
    samples = tree_sum([np.where(np.isnan(term), 0, count) for term, count in weighted])
    told = samples > 0
    buffers[told] = total[told] / samples[told]
