"""The logarithm of probabilities of classes."""

import numpy as np

from base.base_layer import BaseLayer
from base.types import Array, Shape


class LogSoftmax(BaseLayer):
    """y_i = x_i - log sum_j exp(x_j) over the last axis, shifted by the largest x so that nothing overflows.

    dL/dx_i = dL/dy_i - exp(y_i) sum_j dL/dy_j. For NLLLoss; CrossEntropyLoss takes logits and needs none before it.
    """

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape:
            raise ValueError("LogSoftmax needs samples with at least one axis, got single numbers")
        return input_shape

    def forward(self, x: Array) -> Array:
        self._y = np.subtract(x, x.max(axis=-1, keepdims=True), out=self.scratch("out", x.shape, x.dtype))
        powers = np.exp(self._y, out=self.scratch("powers", x.shape, x.dtype))
        self._y -= np.log(powers.sum(axis=-1, keepdims=True))
        return self._y

    def backward(self, grad: Array) -> Array:
        out = np.exp(self._y, out=self.scratch("grad", grad.shape, grad.dtype))
        out *= grad.sum(axis=-1, keepdims=True)
        np.subtract(grad, out, out=out)
        return out
