"""Randomly silenced numbers."""

import numpy as np

from base.base_layer import BaseLayer
from base.constraints import Fraction
from base.types import Array, Shape


class Dropout(BaseLayer):
    """In training each number is 0 with probability p and x / (1 - p) otherwise; when scored, y = x.

    Srivastava et al., JMLR 15, 2014. The numbers silenced are a function of seed, layer, step and shard.

    p: the probability of silence.
    """

    def __init__(self, p: Fraction = 0.5) -> None:
        super().__init__()
        self.p = p

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        self._factor: Array | None = None
        if not self.training or self.p == 0:
            return x
        self._factor = self.scratch("factor", x.shape, x.dtype)
        self.generator().random(dtype=x.dtype.type, out=self._factor)
        np.greater_equal(self._factor, self.p, out=self._factor)
        self._factor *= 1 / (1 - self.p)
        return np.multiply(x, self._factor, out=self.scratch("out", x.shape, x.dtype))

    def backward(self, grad: Array) -> Array:
        if self._factor is None:
            return grad
        return np.multiply(grad, self._factor, out=self.scratch("grad", grad.shape, grad.dtype))
