"""Layers that change the shape only."""

from math import prod
from typing import Annotated

from base.base_layer import BaseLayer
from base.constraints import Length, Range
from base.types import Array, Shape


class Flatten(BaseLayer):
    """(N, a, b, ...) to (N, a * b * ...); channels-last images are read row by row."""

    def build(self, input_shape: Shape) -> Shape:
        return (prod(input_shape),)

    def forward(self, x: Array) -> Array:
        self._shape = x.shape
        return x.reshape(len(x), prod(x.shape[1:]))

    def backward(self, dy: Array) -> Array:
        return dy.reshape(self._shape)


class Reshape(BaseLayer):
    """(N, ...) to (N, *shape), read in the same order.

    shape: the shape of one sample; one length may be -1, which is inferred.
    """

    def __init__(self, shape: Annotated[list[Annotated[int, Range(ge=-1)]], Length(1)]) -> None:
        super().__init__()
        if 0 in shape or shape.count(-1) > 1:
            raise ValueError(f"shape must be of positive lengths, one of which may be -1, got {shape}")
        self.shape = shape

    def build(self, input_shape: Shape) -> Shape:
        size, known = prod(input_shape), prod(length for length in self.shape if length != -1)
        filled = tuple(size // known if length == -1 else length for length in self.shape)
        if prod(filled) != size:
            raise ValueError(
                f"Reshape cannot make samples of shape {input_shape}, which have {size} numbers, into {self.shape}; "
                f"the lengths must {'divide' if -1 in self.shape else 'multiply to'} {size}"
            )
        return filled

    def forward(self, x: Array) -> Array:
        self._shape = x.shape
        assert self.output_shape is not None
        return x.reshape(len(x), *self.output_shape)

    def backward(self, dy: Array) -> Array:
        return dy.reshape(self._shape)
