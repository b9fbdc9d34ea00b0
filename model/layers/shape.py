"""Layers that move numbers and change none."""

from math import prod

from base.base_layer import BaseLayer
from base.types import Array, Shape


class Flatten(BaseLayer):
    """(N, a, b, ...) to (N, a * b * ...); channels-last images are read row by row."""

    def build(self, input_shape: Shape) -> Shape:
        return (prod(input_shape),)

    def forward(self, x: Array) -> Array:
        self._shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, grad: Array) -> Array:
        return grad.reshape(self._shape)
