"""A named array that belongs to a model and is not trained."""

from collections.abc import Iterable

import numpy as np

from base.types import Array, Shape
from ops.tree_sum import tree_sum


class Buffer:
    """State that forward changes in training and reads when scored, such as a running mean.

    Shards of one batch would overwrite each other's, so each writes `next` only: what `value` would be after this batch
    if its samples were all of it, or nan where they tell nothing. When all are done, `merge` makes one of them.
    """

    def __init__(self, shape: Shape, initial: float) -> None:
        self.shape = shape
        self.initial = initial
        self._value: Array | None = None
        self._next: Array | None = None

    def bind(self, value: Array, following: Array) -> None:
        """Take these views, of the buffer's shape, as its numbers."""
        self._value, self._next = value, following

    @property
    def value(self) -> Array:
        """The numbers as they were before this batch; not to be changed by a layer."""
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
    """Make each number the mean of what the shards would have, weighted by their samples and summed as a tree.

    Shards that have nan for a number are left out of its mean; where all have, it stays. Sums are in float64, so that a
    count on which all agree is taken over exactly.
    """
    weighted = [(np.multiply(proposed, count, dtype=np.float64), count) for proposed, count in proposals]
    total = tree_sum([np.where(np.isnan(term), 0.0, term) for term, _ in weighted])
    samples = tree_sum([np.where(np.isnan(term), 0, count) for term, count in weighted])
    told = samples > 0
    buffers[told] = total[told] / samples[told]
