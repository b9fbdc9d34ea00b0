"""Images made smaller by taking one number for each window and channel."""

from abc import abstractmethod

import numpy as np

from base.base_layer import BaseLayer
from base.types import Array, Shape
from model.layers.pixels import pixels
from model.layers.windows import Lengths, Margins, Pair, Windows, image_size, pair


class Pool2D(BaseLayer):
    """(N, H, W, C) to (N, H', W', C), H' = (H + 2 padding - kernel_size) // stride + 1, and W' alike.

    The k-th pixels of all windows are copied into one array, so that arithmetic runs over memory in order.

    kernel_size: height and width of a window, as one number or a pair.
    stride: how far a window is from the next (null: kernel_size).
    padding: how far windows reach over the edge, at most half of kernel_size.
    """

    margin: float  # what the image is surrounded by

    def __init__(self, kernel_size: Lengths, stride: Lengths | None = None, padding: Margins = 0) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        if any(2 * margin > length for margin, length in zip(pair(padding), pair(kernel_size), strict=True)):
            raise ValueError(f"padding must be at most half of kernel_size {kernel_size}, got {padding}")

    def build(self, input_shape: Shape) -> Shape:
        size, kernel = image_size(type(self).__name__, input_shape), pair(self.kernel_size)
        try:
            self.windows = Windows(size, kernel, pair(self.stride or kernel), pair(self.padding))
        except ValueError as error:
            raise ValueError(f"{type(self).__name__}: {error}") from error
        self.places = self.windows.places
        return (*self.windows.count, input_shape[-1])

    def forward(self, x: Array) -> Array:
        assert self.output_shape is not None
        out = self.scratch("out", (len(x), *self.output_shape), x.dtype)
        self.pool(self._padded(x), out)
        return out

    def backward(self, grad: Array) -> Array:
        shape = (len(grad), *self.windows.padded, grad.shape[-1])
        image = self.scratch("image gradient", shape, grad.dtype)
        if not self.windows.cover:
            image.fill(0)
        self.spread(grad, image)
        return image[:, *self.windows.inside]

    @abstractmethod
    def pool(self, image: Array, out: Array) -> None:
        """Write each window's number into `out`."""

    @abstractmethod
    def spread(self, grad: Array, image: Array) -> None:
        """Give each window's gradient to the pixels of `image`, by `give`."""

    def take(self, image: Array, place: int, out: Array) -> Array:
        """Copy the pixel at one place of every window into `out`."""
        np.copyto(pixels(out), pixels(image)[:, *self.places[place]])
        return out

    def give(self, image: Array, place: int, share: Array) -> None:
        """Add to the pixel at one place of every window."""
        if not self.windows.are_apart:
            sums = self.take(image, place, self.scratch("sums", share.shape, share.dtype))
            share = np.add(sums, share, out=sums)
        np.copyto(pixels(image)[:, *self.places[place]], pixels(share))

    def _padded(self, x: Array) -> Array:
        if self.windows.padding == (0, 0):
            return np.ascontiguousarray(x)
        image = self.scratch("image", (len(x), *self.windows.padded, x.shape[-1]), x.dtype)
        image.fill(self.margin)
        image[:, *self.windows.inside] = x
        return image


class MaxPool2D(Pool2D):
    """The largest number of each window and channel; its gradient goes to the first of equal ones, row by row."""

    margin = -np.inf

    def pool(self, image: Array, out: Array) -> None:
        self.take(image, 0, out)
        pixel = self.scratch("pixel", out.shape, out.dtype)
        for place in range(1, len(self.places)):
            self.take(image, place, pixel)
            np.greater(pixel, out, out=self._is_larger(place, out.shape))
            np.maximum(pixel, out, out=out)

    def spread(self, grad: Array, image: Array) -> None:
        rest = np.ascontiguousarray(grad)
        share = self.scratch("pixel", grad.shape, grad.dtype)
        for place in reversed(range(1, len(self.places))):  # the last that was larger than all before it is the largest
            np.multiply(rest, self._is_larger(place, grad.shape), out=share)
            self.give(image, place, share)
            rest = np.subtract(rest, share, out=self.scratch("rest", grad.shape, grad.dtype))
        self.give(image, 0, rest)

    def _is_larger(self, place: int, shape: Shape) -> Array:
        """Whether the pixel at a place is larger than all before it in its window."""
        return self.scratch(f"is larger {place}", shape, bool)


class AvgPool2D(Pool2D):
    """The mean of each window and channel.

    count_include_pad: whether zeros over the edge count; without, a window there is divided by fewer.
    """

    margin = 0.0

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Margins = 0,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        self.count_include_pad = count_include_pad

    def pool(self, image: Array, out: Array) -> None:
        self.take(image, 0, out)
        pixel = self.scratch("pixel", out.shape, out.dtype)
        for place in range(1, len(self.places)):
            out += self.take(image, place, pixel)
        out *= self._weights(out.dtype)

    def spread(self, grad: Array, image: Array) -> None:
        share = np.multiply(grad, self._weights(grad.dtype), out=self.scratch("pixel", grad.shape, grad.dtype))
        for place in range(len(self.places)):
            self.give(image, place, share)

    def _weights(self, dtype: np.dtype) -> Array:
        """What a window's sum is multiplied by: one number, or one for each window."""
        if self.count_include_pad or self.windows.padding == (0, 0):
            return np.array(1 / len(self.places), dtype)
        held = np.zeros(self.windows.padded)
        held[self.windows.inside] = 1
        counts = sum(held[place] for place in self.places)
        return np.asarray(1 / counts, dtype)[..., None]


class GlobalAvgPool2D(BaseLayer):
    """The mean of each channel: (N, H, W, C) to (N, C). Lin, Chen and Yan, "Network in network", ICLR 2014."""

    def build(self, input_shape: Shape) -> Shape:
        height, width = image_size("GlobalAvgPool2D", input_shape)
        self._image: Pair = (height, width)
        return (input_shape[-1],)

    def forward(self, x: Array) -> Array:
        count, channels = len(x), x.shape[-1]
        rows = x.reshape(count, -1, channels)
        means = np.full((1, rows.shape[1]), 1 / rows.shape[1], x.dtype)
        out = self.scratch("out", (count, channels), x.dtype)
        np.matmul(means, rows, out=out[:, None])
        return out

    def backward(self, grad: Array) -> Array:
        height, width = self._image
        out = self.scratch("grad", (len(grad), height, width, grad.shape[-1]), grad.dtype)
        share = np.multiply(grad, 1 / (height * width), out=self.scratch("share", grad.shape, grad.dtype))
        np.copyto(pixels(out), pixels(share)[:, None, None])
        return out
