"""A named array that belongs to a model and is not trained."""

from base.types import Array, Shape


class Buffer:
    """State that forward changes in training and reads when scored, such as a running mean.

    Shards of one batch would overwrite each other's, so each writes `next` only: what `value` would be after this batch
    if its samples were all of it. When all are done, `value` becomes the mean of those, weighted by samples.
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
        """Where forward in training writes what follows; it must, in every forward, as nothing else fills it."""
        if self._next is None:
            raise RuntimeError("a buffer has no value before its model is built")
        return self._next
