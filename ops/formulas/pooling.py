"""Pooling of images, forward and backward."""

from typing import NamedTuple

import numpy as np

from base.types import Array

Pair = tuple[int, int]
Region = tuple[slice, slice]


class PoolWindows(NamedTuple):
    """Kernel size, stride and padding, each as (height, width)."""

    kernel: Pair
    stride: Pair
    padding: Pair


class Pooling:
    """Pooling of images (N, H, W, C) to (N, H', W', C), H' = (H + 2 padding - kernel) // stride + 1, and W' alike.

    Indices within a window are in row-major order, from 0.
    """

    def max_pool2d(self, x: Array, windows: PoolWindows, out: Array, winners: Array) -> Array:
        """y = the maximum of a window, or nan where there is one.

        `winners` (N, H', W', C) is set to the index of the first maximum, or of the last nan.
        """
        padded = _padded(x, windows, -np.inf)
        out[...], winners[...] = -np.inf, _first_inside(out, windows)
        for place, region in enumerate(_regions(out, windows)):
            pixels = np.ascontiguousarray(padded[:, *region])
            is_larger = (pixels > out) | np.isnan(pixels)
            np.maximum(winners, is_larger * winners.dtype.type(place), out=winners)  # places ascend
            np.maximum(out, pixels, out=out)
        return out

    def max_pool2d_gradient(self, dy: Array, windows: PoolWindows, winners: Array, out: Array) -> Array:
        """dL/dx = the sum of dL/dy over the windows of which x is the maximum."""
        out.fill(0)
        padded = _padded(out, windows, 0)
        for place, region in enumerate(_regions(dy, windows)):
            padded[:, *region] += np.where(winners == place, dy, 0)
        out[...] = padded[:, *_inside(out, windows)]
        return out

    def avg_pool2d(self, x: Array, windows: PoolWindows, count_include_pad: bool, out: Array) -> Array:
        """y = the sum over a window / the number of its pixels, or of those inside the image."""
        padded = _padded(x, windows, 0)
        out[...] = sum(padded[:, *region] for region in _regions(out, windows))
        out *= 1 / _sizes(x, out, windows, count_include_pad)
        return out

    def avg_pool2d_gradient(self, dy: Array, windows: PoolWindows, count_include_pad: bool, out: Array) -> Array:
        """dL/dx = the sum of dL/dy / the number of pixels, over the windows that contain x."""
        out.fill(0)
        padded = _padded(out, windows, 0)
        share = dy * (1 / _sizes(out, dy, windows, count_include_pad))
        for region in _regions(dy, windows):
            padded[:, *region] += share
        out[...] = padded[:, *_inside(out, windows)]
        return out

    def global_avg_pool2d(self, x: Array, out: Array) -> Array:
        """y (N, C) = the mean over the positions of x (N, H, W, C)."""
        return np.mean(np.mean(x, axis=1), axis=1, out=out)

    def global_avg_pool2d_gradient(self, dy: Array, out: Array) -> Array:
        """dL/dx (N, H, W, C) = dL/dy (N, C) / (H W)."""
        out[...] = (dy * (1 / (out.shape[1] * out.shape[2])))[:, None, None]
        return out


def _padded(x: Array, windows: PoolWindows, margin: float) -> Array:
    """The images within a margin of one number."""
    if windows.padding == (0, 0):
        return x
    (above, left), (count, height, width, channels) = windows.padding, x.shape
    padded = np.full((count, height + 2 * above, width + 2 * left, channels), margin, x.dtype)
    padded[:, *_inside(x, windows)] = x
    return padded


def _inside(x: Array, windows: PoolWindows) -> Region:
    """The slices of the images within the padded ones."""
    (above, left), (height, width) = windows.padding, x.shape[1:3]
    return slice(above, above + height), slice(left, left + width)


def _regions(pooled: Array, windows: PoolWindows) -> list[Region]:
    """For each index in a window, the pixels of the padded images that lie there."""
    rows, columns = (
        [slice(start, start + stride * (count - 1) + 1, stride) for start in range(kernel)]
        for kernel, stride, count in zip(windows.kernel, windows.stride, pooled.shape[1:3], strict=True)
    )
    return [(row, column) for row in rows for column in columns]


def _sizes(x: Array, pooled: Array, windows: PoolWindows, count_include_pad: bool) -> Array:
    """The number of averaged pixels of each window: (H', W', C), as NumPy is slow where the last axis is short."""
    counted = _padded(np.ones((1, *x.shape[1:]), x.dtype), windows, float(count_include_pad))
    return np.asarray(sum(counted[0, *region] for region in _regions(pooled, windows)))


def _first_inside(pooled: Array, windows: PoolWindows) -> Array:
    """The first index of each window that lies inside the image: (H', W', C)."""
    rows, columns = (
        np.maximum(padding - stride * np.arange(count), 0)
        for padding, stride, count in zip(windows.padding, windows.stride, pooled.shape[1:3], strict=True)
    )
    return np.tile((rows[:, None] * windows.kernel[1] + columns)[..., None], pooled.shape[3])
