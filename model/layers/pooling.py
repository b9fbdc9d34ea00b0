"""Pooling of images: one output for each window and channel."""

import numpy as np

from base.base_layer import BaseLayer
from base.types import Array, Shape
from model.windows import Lengths, Margins, image_size, pair, pooled_size
from ops.formulas.pooling import PoolWindows


class Pool2D(BaseLayer):
    """(N, H, W, C) to (N, H', W', C), H' = (H + 2 padding - kernel_size) // stride + 1, and W' alike.

    kernel_size: height and width of a window, as one number or a pair.
    stride: the step from one window to the next, as one number or a pair (null: kernel_size).
    padding: pixels added on each side, as one number or a pair; at most half of kernel_size.
    """

    def __init__(self, kernel_size: Lengths, stride: Lengths | None = None, padding: Margins = 0) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        if any(2 * margin > length for margin, length in zip(pair(padding), pair(kernel_size), strict=True)):
            raise ValueError(f"padding must be at most half of kernel_size {kernel_size}, got {padding}")

    def build(self, input_shape: Shape) -> Shape:
        size, kernel = image_size(type(self).__name__, input_shape), pair(self.kernel_size)
        self._windows = PoolWindows(kernel, pair(self.stride or kernel), pair(self.padding))
        self._input_shape = input_shape
        try:
            self._pooled_shape = (*pooled_size(size, self._windows), input_shape[-1])
        except ValueError as error:
            raise ValueError(f"{type(self).__name__}: {error}") from error
        return self._pooled_shape


class MaxPool2D(Pool2D):
    """The maximum of each window, for images (N, H, W, C). Padding is -inf.

    dL/dx = the sum of dL/dy over the windows of which x is the maximum; of ties, the first in row-major order.
    """

    def forward(self, x: Array) -> Array:
        kernel_height, kernel_width = self._windows.kernel
        index_type = np.uint8 if kernel_height * kernel_width <= 256 else np.int32
        out = self.empty((len(x), *self._pooled_shape), x.dtype)
        self._argmax = self.empty(out.shape, index_type)  # indices within each window
        return self.ops.max_pool2d(x, self._windows, out, self._argmax)

    def backward(self, dy: Array) -> Array:
        dx = self.empty((len(dy), *self._input_shape), dy.dtype)
        return self.ops.max_pool2d_gradient(dy, self._windows, self._argmax, dx)


class AvgPool2D(Pool2D):
    """The mean of each window, for images (N, H, W, C). Padding is zeros.

    count_include_pad: whether the mean counts padding; without, a window at the edge is divided by its pixels inside.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Margins = 0,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        self.count_include_pad = count_include_pad

    def forward(self, x: Array) -> Array:
        out = self.empty((len(x), *self._pooled_shape), x.dtype)
        return self.ops.avg_pool2d(x, self._windows, self.count_include_pad, out)

    def backward(self, dy: Array) -> Array:
        dx = self.empty((len(dy), *self._input_shape), dy.dtype)
        return self.ops.avg_pool2d_gradient(dy, self._windows, self.count_include_pad, dx)


class GlobalAvgPool2D(BaseLayer):
    """The mean of each channel over all positions: (N, H, W, C) to (N, C).

    Lin, Chen and Yan, "Network in network", ICLR 2014.
    """

    def build(self, input_shape: Shape) -> Shape:
        image_size("GlobalAvgPool2D", input_shape)
        self._input_shape = input_shape
        return (input_shape[-1],)

    def forward(self, x: Array) -> Array:
        return self.ops.global_avg_pool2d(x, self.empty((len(x), x.shape[-1]), x.dtype))

    def backward(self, dy: Array) -> Array:
        dx = self.empty((len(dy), *self._input_shape), dy.dtype)
        return self.ops.global_avg_pool2d_gradient(dy, dx)
