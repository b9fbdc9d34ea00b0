"""Normalisation of each sample by itself."""

from math import prod
from typing import Annotated

import numpy as np

from base.base_layer import BaseLayer
from base.constraints import Length, Positive, PositiveInt
from base.types import Array, Shape
from model.initializers.constant import Constant, Zeros


class LayerNorm(BaseLayer):
    """y = (x - mean) / sqrt(variance + eps) * weight + bias, over the last axes of each sample.

    Ba, Kiros and Hinton, arXiv:1607.06450, 2016. With z = (x - mean) / sqrt(variance + eps), g = weight * dL/dy and
    means over those axes, dL/dx = (g - mean(g) - z mean(g z)) / sqrt(variance + eps). Weight and bias are stored flat,
    so that no penalty takes a weight of several axes for a matrix.

    normalized_shape: the lengths of the axes to normalise over (null: the last axis).
    eps: what is added to the variance, so that constant numbers divide by no 0.
    elementwise_affine: whether there is a weight, at first 1, for each number.
    bias: whether there is a bias too, at first 0.
    """

    def __init__(
        self,
        normalized_shape: PositiveInt | Annotated[list[PositiveInt], Length(1)] | None = None,
        eps: Positive = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.normalized_shape = normalized_shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.has_bias = bias and elementwise_affine

    def build(self, input_shape: Shape) -> Shape:
        self._size = prod(self._normalized(input_shape))
        if self.elementwise_affine:
            self.weight = self.add_parameter("weight", (self._size,), Constant(1.0))
        if self.has_bias:
            self.bias = self.add_parameter("bias", (self._size,), Zeros())
        return input_shape

    def forward(self, x: Array) -> Array:
        rows = x.reshape(-1, self._size)
        self._z = self.scratch("z", rows.shape, x.dtype)
        np.subtract(rows, self._mean(rows, 1), out=self._z)
        variance = np.einsum("ij,ij->i", self._z, self._z)[:, None] / self._size
        self._inverse = 1 / np.sqrt(variance + self.eps)
        self._z *= self._inverse
        out = self.scratch("out", rows.shape, x.dtype)
        np.multiply(self._z, self.weight.value if self.elementwise_affine else 1, out=out)
        if self.has_bias:
            out += self.bias.value
        return out.reshape(x.shape)

    def backward(self, grad: Array) -> Array | None:
        rows = grad.reshape(-1, self._size)
        out = np.multiply(rows, self._z, out=self.scratch("grad", rows.shape, grad.dtype))
        ones = np.ones(len(rows), grad.dtype)
        if self.elementwise_affine:
            np.matmul(ones, out, out=self.weight.grad)
        if self.has_bias:
            np.matmul(ones, rows, out=self.bias.grad)
        if not self.needs_input_gradient:
            return None
        self._input_gradient(rows, out)
        return out.reshape(grad.shape)

    def _input_gradient(self, rows: Array, out: Array) -> None:
        """Replace dL/dy z, which `out` holds, by the gradient of the input."""
        weight = self.weight.value if self.elementwise_affine else 1
        mean, agreement = self._mean(rows, weight), self._mean(out, weight)
        np.multiply(self._z, agreement, out=out)
        out += mean
        weighted = np.multiply(rows, weight, out=self.scratch("weighted", rows.shape, rows.dtype))
        np.subtract(weighted, out, out=out)
        out *= self._inverse

    def _mean(self, rows: Array, weight: Array | int) -> Array:
        """The mean of weight * row for each row, as a column."""
        return (rows @ np.full(self._size, weight, rows.dtype))[:, None] / self._size

    def _normalized(self, input_shape: Shape) -> Shape:
        wanted = list(input_shape[-1:]) if self.normalized_shape is None else self.normalized_shape
        shape = (wanted,) if isinstance(wanted, int) else tuple(wanted)
        if not shape or input_shape[-len(shape) :] != shape:
            raise ValueError(
                f"LayerNorm normalises over axes {list(shape)}, but what comes before it has shape {input_shape}; "
                "normalized_shape must be the last of these lengths, or be left out"
            )
        return shape
