"""Dropout of single elements and of whole channels."""

from abc import abstractmethod
from math import prod

import numpy as np

from base.base_layer import BaseLayer
from base.constraints import Fraction
from base.types import Array, Shape


class BaseDropout(BaseLayer):
    """y = x * mask in training mode, with a mask of 0 (probability p) and 1 / (1 - p); y = x in evaluation mode.

    The mask is a function of seed, layer, step and shard. dL/dx = dL/dy * mask.

    p: the probability of an element, or channel, to be zeroed.
    """

    def __init__(self, p: Fraction = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Array) -> Array:
        self._mask: Array | None = None
        if not self.training or self.p == 0:
            return x
        self._mask = self.mask_for(x)
        return self._masked(x)

    def backward(self, dy: Array) -> Array:
        return dy if self._mask is None else self._masked(dy)

    def _masked(self, x: Array) -> Array:
        assert self._mask is not None
        return self.apply_mask(x, self._mask, self.empty(x.shape, x.dtype))

    @abstractmethod
    def mask_for(self, x: Array) -> Array:
        """Draw the mask for a batch."""

    def apply_mask(self, x: Array, mask: Array, out: Array) -> Array:
        """Write x * mask into `out`, and return it."""
        return np.multiply(x, mask, out=out)

    def draw_mask(self, shape: Shape, dtype: np.dtype) -> Array:
        """A mask of 0, with probability p, and 1 / (1 - p)."""
        mask = self.empty(shape, dtype)
        self.generator().random(dtype=dtype.type, out=mask)
        np.greater_equal(mask, self.p, out=mask)
        mask *= 1 / (1 - self.p)
        return mask


class Dropout(BaseDropout):
    """In training mode, elements are zeroed with probability p and the others scaled by 1 / (1 - p).

    In evaluation mode, y = x. Srivastava et al., JMLR 15, 2014.
    """

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def mask_for(self, x: Array) -> Array:
        return self.draw_mask(x.shape, x.dtype)


class Dropout2D(BaseDropout):
    """Spatial dropout: whole channels of images (N, H, W, C) are zeroed, the same at every position.

    Neighbouring pixels are strongly correlated, so dropping single ones would regularise little.
    Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
    """

    def build(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3:
            raise ValueError(f"Dropout2D needs images (height, width, channels), got samples of shape {input_shape}")
        return input_shape

    def mask_for(self, x: Array) -> Array:
        return self.draw_mask((len(x), x.shape[-1]), x.dtype)

    def apply_mask(self, x: Array, mask: Array, out: Array) -> Array:
        rows = (len(x), prod(x.shape[1:-1]), x.shape[-1])
        self.ops.scale_channels(x.reshape(rows), mask, out.reshape(rows))
        return out
