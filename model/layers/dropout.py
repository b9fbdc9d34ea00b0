"""Dropout of numbers and of channels."""

from abc import abstractmethod

import numpy as np

from base.base_layer import BaseLayer
from base.constraints import Fraction
from base.types import Array, Shape


class BaseDropout(BaseLayer):
    """In training, numbers are 0 with probability p and x / (1 - p) otherwise; when scored, y = x.

    The numbers dropped are a function of seed, layer, step and shard.

    p: the probability of being dropped.
    """

    def __init__(self, p: Fraction = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Array) -> Array:
        self._factor: Array | None = None
        if not self.training or self.p == 0:
            return x
        self._factor = self.factor(x)
        return self._scaled(x)

    def backward(self, dy: Array) -> Array:
        return dy if self._factor is None else self._scaled(dy)

    def _scaled(self, x: Array) -> Array:
        assert self._factor is not None
        return self.multiply(x, self._factor, self.empty(x.shape, x.dtype))

    @abstractmethod
    def factor(self, x: Array) -> Array:
        """The factor that a batch is multiplied by."""

    def multiply(self, x: Array, factor: Array, out: Array) -> Array:
        """The batch times its factor."""
        return np.multiply(x, factor, out=out)

    def draw(self, shape: Shape, dtype: np.dtype) -> Array:
        """0 with probability p, else 1 / (1 - p)."""
        drawn = self.empty(shape, dtype)
        self.generator().random(dtype=dtype.type, out=drawn)
        np.greater_equal(drawn, self.p, out=drawn)
        drawn *= 1 / (1 - self.p)
        return drawn


class Dropout(BaseDropout):
    """In training each number is 0 with probability p and x / (1 - p) otherwise; when scored, y = x.

    Srivastava et al., JMLR 15, 2014.
    """

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def factor(self, x: Array) -> Array:
        return self.draw(x.shape, x.dtype)


class Dropout2D(BaseDropout):
    """Dropout of whole channels of images (H, W, C), whose pixels tell much the same as their neighbours.

    Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
    """

    def build(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3:
            raise ValueError(f"Dropout2D needs images (height, width, channels), got samples of shape {input_shape}")
        return input_shape

    def factor(self, x: Array) -> Array:
        return self.draw((len(x), x.shape[-1]), x.dtype)

    def multiply(self, x: Array, factor: Array, out: Array) -> Array:
        samples, pixels = x.reshape(len(x), -1, x.shape[-1]), out.reshape(len(x), -1, x.shape[-1])
        self.ops.scale_channels(samples, factor, pixels)
        return out
