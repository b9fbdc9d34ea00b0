"""Activation functions: elementwise ones, and Softmax."""

from abc import abstractmethod
from typing import ClassVar

from base.base_layer import BaseLayer
from base.constraints import NonNegative
from base.types import Array, Shape


class Elementwise(BaseLayer):
    """y = f(x) for each number."""

    from_output: ClassVar[bool] = True  # whether dy/dx is computed from y, so that x need not be stored

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        y = self.activate(x, self.empty(x.shape, x.dtype))
        self._kept = y if self.from_output else x
        return y

    def backward(self, dy: Array) -> Array:
        return self.differentiate(self._kept, dy, self.empty(dy.shape, dy.dtype))

    @abstractmethod
    def activate(self, x: Array, out: Array) -> Array:
        """Write y = f(x) into `out`, and return it."""

    @abstractmethod
    def differentiate(self, kept: Array, dy: Array, out: Array) -> Array:
        """Write f'(x) dL/dy into `out`, and return it; `kept` is y, or x where the derivative is not `from_output`."""


class Identity(BaseLayer):
    """y = x: a placeholder, such as for no activation."""

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        return x

    def backward(self, dy: Array) -> Array:
        return dy


class ReLU(Elementwise):
    """y = max(x, 0); the derivative at 0 is taken as 0. Nair and Hinton, ICML 2010."""

    def activate(self, x: Array, out: Array) -> Array:
        return self.ops.relu(x, out)

    def differentiate(self, y: Array, dy: Array, out: Array) -> Array:
        return self.ops.relu_gradient(y, dy, out)


class LeakyReLU(Elementwise):
    """y = x where x > 0, else negative_slope * x. Maas, Hannun and Ng, ICML 2013.

    negative_slope: the slope below 0.
    """

    def __init__(self, negative_slope: NonNegative = 0.01) -> None:
        super().__init__()
        self.negative_slope = negative_slope

    def activate(self, x: Array, out: Array) -> Array:
        return self.ops.leaky_relu(x, self.negative_slope, out)

    def differentiate(self, y: Array, dy: Array, out: Array) -> Array:
        return self.ops.leaky_relu_gradient(y, dy, self.negative_slope, out)


class Sigmoid(Elementwise):
    """y = 1 / (1 + exp(-x)), dy/dx = y (1 - y)."""

    def activate(self, x: Array, out: Array) -> Array:
        return self.ops.sigmoid(x, out)

    def differentiate(self, y: Array, dy: Array, out: Array) -> Array:
        return self.ops.sigmoid_gradient(y, dy, out)


class Tanh(Elementwise):
    """y = tanh(x), dy/dx = 1 - y^2."""

    def activate(self, x: Array, out: Array) -> Array:
        return self.ops.tanh(x, out)

    def differentiate(self, y: Array, dy: Array, out: Array) -> Array:
        return self.ops.tanh_gradient(y, dy, out)


class Softmax(BaseLayer):
    """y_i = exp(x_i) / sum_j exp(x_j) over the last axis, shifted by the largest x so that nothing overflows.

    dL/dx_i = y_i (dL/dy_i - sum_j y_j dL/dy_j). CrossEntropyLoss takes logits and needs no Softmax before it.
    """

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape:
            raise ValueError("Softmax needs samples with at least one axis, got single numbers")
        return input_shape

    def forward(self, x: Array) -> Array:
        self._y = self.ops.softmax(x, self.empty(x.shape, x.dtype))
        return self._y

    def backward(self, dy: Array) -> Array:
        return self.ops.softmax_gradient(self._y, dy, self.empty(dy.shape, dy.dtype))
