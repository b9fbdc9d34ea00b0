"""Layer normalisation."""

from math import prod
from typing import Annotated

import numpy as np

from base.base_layer import BaseLayer
from base.constraints import Length, Positive, PositiveInt
from base.types import Array, Shape
from model.initializers.constant import Constant, Zeros


class LayerNorm(BaseLayer):
    """y = (x - mean) / sqrt(variance + eps) * weight + bias, over the last axes of each sample.

    Ba, Kiros and Hinton, arXiv:1607.06450, 2016. With x_hat = (x - mean) / sqrt(variance + eps), g = weight * dL/dy
    and means over those axes, dL/dx = (g - mean(g) - x_hat * mean(g * x_hat)) / sqrt(variance + eps). Weight and bias
    are stored flat, as weight penalties apply to parameters of two and more axes.

    normalized_shape: the lengths of the axes to normalise over (null: the last axis).
    eps: added to the variance for numerical stability.
    elementwise_affine: whether there is a weight, initially 1, for each number.
    bias: whether there is a bias too, initially 0.
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
        self.size = prod(self._normalized(input_shape))
        if self.elementwise_affine:
            self.weight = self.add_parameter("weight", (self.size,), Constant(1.0))
        if self.has_bias:
            self.bias = self.add_parameter("bias", (self.size,), Zeros())
        return input_shape

    def forward(self, x: Array) -> Array:
        self._x = x.reshape(-1, self.size)
        self._mean, self._inverse_std = np.empty((2, len(self._x)), x.dtype)
        out = self.empty(self._x.shape, x.dtype)
        weight, bias = self._weight(x.dtype), self.bias.value if self.has_bias else np.zeros(self.size, x.dtype)
        self.ops.layer_norm(self._x, self.eps, weight, bias, self._mean, self._inverse_std, out)
        return out.reshape(x.shape)

    def backward(self, dy: Array) -> Array:
        dx, none = self.empty(self._x.shape, dy.dtype), np.empty((2, self.size), dy.dtype)
        weight_grad = self.weight.grad if self.elementwise_affine else none[0]
        bias_grad = self.bias.grad if self.has_bias else none[1]
        saved = self._x, dy.reshape(self._x.shape), self._mean, self._inverse_std
        self.ops.layer_norm_gradient(*saved, self._weight(dy.dtype), weight_grad, bias_grad, dx)
        return dx.reshape(dy.shape)

    def _weight(self, dtype: np.dtype) -> Array:
        return self.weight.value if self.elementwise_affine else np.ones(self.size, dtype)

    def _normalized(self, input_shape: Shape) -> Shape:
        wanted = list(input_shape[-1:]) if self.normalized_shape is None else self.normalized_shape
        shape = (wanted,) if isinstance(wanted, int) else tuple(wanted)
        if not shape or input_shape[-len(shape) :] != shape:
            raise ValueError(
                f"LayerNorm normalises over axes {list(shape)}, but what comes before it has shape {input_shape}; "
                "normalized_shape must be the last of these lengths, or be left out"
            )
        return shape
