"""Trainable parameters."""

from base.base_initializer import BaseInitializer
from base.types import Array, Shape


class Parameter:
    """A trainable array: a view into the model's vector of values and one into its vector of gradients.

    Assigning to `value` or `grad` copies into the view, so a parameter can never be rebound to an array that the
    optimizer does not see. Until the model binds it, it has a shape and an initializer but no value.
    """

    def __init__(self, shape: Shape, initializer: BaseInitializer) -> None:
        self.shape = shape
        self.initializer = initializer
        self._value: Array | None = None
        self._grad: Array | None = None

    @property
    def size(self) -> int:
        """The number of elements."""
        size = 1
        for length in self.shape:
            size *= length
        return size

    @property
    def is_weight(self) -> bool:
        """True if penalties apply: for matrices and kernels, not for biases and the scales of norms."""
        return len(self.shape) >= 2

    def bind(self, value: Array, grad: Array) -> None:
        """Use these views, of the parameter's shape."""
        self._value, self._grad = value, grad

    @property
    def value(self) -> Array:
        """The current values."""
        if self._value is None:
            raise RuntimeError("a parameter has no value before its model is built")
        return self._value

    @value.setter
    def value(self, new: Array) -> None:
        self.value[...] = new

    @property
    def grad(self) -> Array:
        """The gradient of the loss with respect to the value, as the last backward wrote it."""
        if self._grad is None:
            raise RuntimeError("a parameter has no gradient before its model is built")
        return self._grad

    @grad.setter
    def grad(self, new: Array) -> None:
        self.grad[...] = new
