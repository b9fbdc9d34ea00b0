"""Convolution of images and its gradients."""

import math
from typing import NamedTuple

import numpy as np

from base.types import Array
from ops.formulas.sums import sum_over_samples

PIECE = 2**18


class Geometry(NamedTuple):
    """Kernel positions: output (i, j) sees, at (p, q) of its kernel, the pixel (s i + d p - top, s' j + d' q - left).

    Pixels outside the image are zeros. Channels are cut into `groups`; the outputs of a group see its inputs only.
    """

    stride: tuple[int, int]
    padding: tuple[int, int]  # top and left; what there is at the bottom and right follows from the outputs' size
    dilation: tuple[int, int]
    groups: int


class Convolutions:
    """Convolutions of images (N, H, W, C) with kernels W (kh, kw, C / groups, D) to (N, H', W', D).

    With P the pixels under each kernel, a row for each output (im2col), a convolution is a matrix product for each
    group. Some samples are worked on at a time, so that P stays in the cache.
    """

    def conv2d(self, x: Array, weight: Array, bias: Array | None, geometry: Geometry, out: Array) -> Array:
        """y = P W + b."""
        kernels = _by_group(weight.reshape(-1, weight.shape[3]), geometry.groups)
        for some in _samples(weight.shape, geometry, out.shape):
            columns = _im2col(x[some], weight.shape, geometry, out.shape)
            np.matmul(columns, kernels, out=_by_group(out[some].reshape(-1, out.shape[3]), geometry.groups))
        if bias is not None:
            out += np.tile(bias, (*out.shape[1:3], 1))  # at each place: NumPy is slow where the last axis is short
        return out

    def conv2d_weight_gradient(
        self, x: Array, dy: Array, geometry: Geometry, weight_grad: Array, bias_grad: Array | None
    ) -> None:
        """dL/dW = P^T dL/dy, and dL/db = the sum of dL/dy over samples and positions."""
        weight_grad.fill(0)
        for some in _samples(weight_grad.shape, geometry, dy.shape):
            columns = _im2col(x[some], weight_grad.shape, geometry, dy.shape)
            above = _by_group(dy[some].reshape(-1, dy.shape[3]), geometry.groups)
            weight_grad += _joined(columns.swapaxes(1, 2) @ above).reshape(weight_grad.shape)
        if bias_grad is not None:
            sum_over_samples(dy, bias_grad)

    def conv2d_input_gradient(self, dy: Array, weight: Array, geometry: Geometry, out: Array) -> Array:
        """dL/dx: dL/dy W^T is added to the pixels under each kernel (col2im), one kernel element after the other.

        Meanwhile samples come after positions, so that the numbers of one position are contiguous.
        """
        (top, left), height, width = geometry.padding, out.shape[1], out.shape[2]
        out.fill(0)
        for some in _samples(weight.shape, geometry, dy.shape):
            above = np.ascontiguousarray(dy[some].transpose(1, 2, 0, 3))
            rows = _by_group(above.reshape(-1, dy.shape[3]), geometry.groups)
            zero_padded = np.zeros(
                (*_extent(weight.shape, geometry, dy.shape), above.shape[2], out.shape[3]), out.dtype
            )
            for p, q in np.ndindex(*weight.shape[:2]):
                part = _joined(rows @ _by_group(weight[p, q], geometry.groups).swapaxes(1, 2))
                zero_padded[_seen(p, q, geometry, dy.shape)] += part.reshape(*above.shape[:3], -1)
            inside = zero_padded[top : top + height, left : left + width].transpose(2, 0, 1, 3)
            out[some, : inside.shape[1], : inside.shape[2]] = inside
        return out


def _samples(kernel: tuple[int, ...], geometry: Geometry, output: tuple[int, ...]) -> list[slice]:
    """Slices of samples, for each of which P has about PIECE numbers."""
    count, height, width, _ = output
    step = max(1, PIECE // max(1, height * width * geometry.groups * math.prod(kernel[:3])))
    return [slice(start, start + step) for start in range(0, count, step)]


def _im2col(x: Array, kernel: tuple[int, ...], geometry: Geometry, output: tuple[int, ...]) -> Array:
    """The pixels under each kernel: (groups, N H' W', kh kw C / groups)."""
    height, width = _extent(kernel, geometry, output)
    (top, left), groups = geometry.padding, geometry.groups
    zero_padded = np.zeros((len(x), height, width, x.shape[3]), x.dtype)
    seen = x[:, : max(0, height - top), : max(0, width - left)]
    zero_padded[:, top : top + seen.shape[1], left : left + seen.shape[2]] = seen
    rows, columns = (
        stride * np.arange(count)[:, None] + dilation * np.arange(length)
        for stride, dilation, count, length in zip(
            geometry.stride, geometry.dilation, output[1:3], kernel[:2], strict=True
        )
    )
    pixels = rows[:, None, :, None] * width + columns[:, None]  # (H', W', kh, kw)
    patches = zero_padded.reshape(len(x), height * width, -1).take(pixels.ravel(), axis=1)
    patches = patches.reshape(-1, kernel[0] * kernel[1], groups, kernel[2])
    return patches.transpose(2, 0, 1, 3).reshape(groups, len(patches), -1)


def _extent(kernel: tuple[int, ...], geometry: Geometry, output: tuple[int, ...]) -> tuple[int, int]:
    """From the first pixel that any kernel sees to the last, along height and width."""
    height, width = (
        geometry.stride[axis] * (output[1 + axis] - 1) + geometry.dilation[axis] * (kernel[axis] - 1) + 1
        for axis in (0, 1)
    )
    return height, width


def _seen(p: int, q: int, geometry: Geometry, output: tuple[int, ...]) -> tuple[slice, slice]:
    """The pixels under element (p, q) of the kernels."""
    rows, columns = (
        slice(dilation * place, dilation * place + stride * (count - 1) + 1, stride)
        for place, dilation, stride, count in zip((p, q), geometry.dilation, geometry.stride, output[1:3], strict=True)
    )
    return rows, columns


def _by_group(rows: Array, groups: int) -> Array:
    """(M, groups D) as (groups, M, D)."""
    return rows.reshape(len(rows), groups, -1).swapaxes(0, 1)


def _joined(parts: Array) -> Array:
    """(groups, M, D) as (M, groups D)."""
    return parts.swapaxes(0, 1).reshape(parts.shape[1], -1)
