"""Convolution with kernels of 3 x 3 and stride 1 with 16 products where 36 are asked for: Winograd's F(2 x 2, 3 x 3).

    Y = A^T [(G g G^T) * (B^T d B)] A        a tile of 2 x 2 outputs from 4 x 4 pixels d, for kernels g

The products between, summed over channels, are 16 products of matrices, tiles as rows. From Lavin and Gray, "Fast
Algorithms for Convolutional Neural Networks" (2016), who also give B, G and A. Sums are made in this order: a chain
over channels for each of the 16, then those of A, rows first, then the bias. A weight's gradient is dL/dg = G^T [sum
over tiles of (B^T d B)^T (A dL/dY A^T)] G, with a chain over as many rows of tiles as make TILES, one image's after the
other's, and chains added in order.

Channels are multiples of 16, so that whole vectors of any length hold them.
"""

import numpy as np

from ops.compiled.frame import fill_frame
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.products import CHAIN
from ops.compiled.tile import ADDED, NEW, panel
from ops.compiled.vector import constant, lanes_of, load, store

TILES = 56  # of one product: they and what comes of them stay in a core's second cache


def suits(weight, geometry):
    """True if a convolution can go Winograd's way and gains by it."""
    height, width, inputs, outputs = weight.shape
    return (
        (height, width) == (3, 3)
        and geometry.stride == geometry.dilation == (1, 1)
        and geometry.groups == 1
        and inputs % 16 == outputs % 16 == 0
        and max(inputs, outputs) <= CHAIN
    )


@kernel
def convolve(x, weight, bias, padding, out):
    """out (N, H', W', D) of images x (N, H, W, C) and kernels (3, 3, C, D)."""
    count, rows, columns, outputs = out.shape
    zero, size, channels = x.dtype.type(0), x.itemsize, x.shape[3]
    down, across = (rows + 1) // 2, (columns + 1) // 2
    lines = max(1, TILES // across)
    frame = np.zeros((2 * down + 2, 2 * across + 2, channels), x.dtype)
    kernels = np.empty((16, channels, outputs), x.dtype)
    pixels = np.empty((16, lines * across, channels), x.dtype)
    products = np.empty((16, lines * across, outputs), x.dtype)
    _transform_kernels(weight, kernels)
    for first in range(0, count * down, lines):
        last = min(first + lines, count * down)
        for line in range(first, last):
            if line % down == 0:
                fill_frame(x, line // down, padding, frame)
            _transform_pixels(frame, line % down, (line - first) * across, across, pixels)
        for place in range(16):
            a = pixels.ctypes.data + size * place * pixels.shape[1] * channels
            b = kernels.ctypes.data + size * place * channels * outputs
            c = products.ctypes.data + size * place * products.shape[1] * outputs
            panel(zero, a, 0, channels, 1, b, 0, outputs, c, outputs, c, 0, 1, channels, (last - first) * across,
                  outputs, NEW)  # fmt: skip
        for line in range(first, last):
            _outputs(products, (line - first) * across, across, bias, out, line // down, line % down)


@kernel
def weight_gradient(x, dy, padding, weight_grad):
    """weight_grad (3, 3, C, D) of images x (N, H, W, C) and dL/dy (N, H', W', D)."""
    count, rows, columns, outputs = dy.shape
    zero, size, channels = x.dtype.type(0), x.itemsize, x.shape[3]
    down, across = (rows + 1) // 2, (columns + 1) // 2
    lines = max(1, TILES // across)
    frame = np.zeros((2 * down + 2, 2 * across + 2, channels), x.dtype)
    above = np.zeros((2 * down, 2 * across, outputs), x.dtype)
    pixels = np.empty((16, lines * across, channels), x.dtype)
    grads = np.empty((16, lines * across, outputs), x.dtype)
    sums = np.empty((16, channels, outputs), x.dtype)
    for first in range(0, count * down, lines):
        last = min(first + lines, count * down)
        for line in range(first, last):
            if line % down == 0:
                fill_frame(x, line // down, padding, frame)
                fill_frame(dy, line // down, (0, 0), above)
            _transform_pixels(frame, line % down, (line - first) * across, across, pixels)
            _transform_gradient(above, line % down, (line - first) * across, across, grads)
        for place in range(16):
            a = pixels.ctypes.data + size * place * pixels.shape[1] * channels
            b = grads.ctypes.data + size * place * grads.shape[1] * outputs
            c = sums.ctypes.data + size * place * channels * outputs
            panel(zero, a, 0, 1, channels, b, 0, outputs, c, outputs, c, outputs, 1, (last - first) * across,
                  channels, outputs, ADDED if first > 0 else NEW)  # fmt: skip
    _transform_back(sums, weight_grad)


@subroutine
def _transform_pixels(frame, row, tile, across, pixels):
    """B^T d B of a row of tiles; the columns of B^T d that two neighbours share are made once."""
    lanes, channels = lanes_of(frame), frame.shape[2]
    line, apart = frame.shape[1] * channels, pixels.shape[1] * channels
    for channel in range(0, channels, lanes):
        at, to = 2 * row * line + channel, tile * channels + channel
        a0, a1, a2, a3 = _down(frame, at, line)
        b0, b1, b2, b3 = _down(frame, at + channels, line)
        for _ in range(across):
            c0, c1, c2, c3 = _down(frame, at + 2 * channels, line)
            d0, d1, d2, d3 = _down(frame, at + 3 * channels, line)
            _along(pixels, to, apart, a0, b0, c0, d0)
            _along(pixels, to + 4 * apart, apart, a1, b1, c1, d1)
            _along(pixels, to + 8 * apart, apart, a2, b2, c2, d2)
            _along(pixels, to + 12 * apart, apart, a3, b3, c3, d3)
            a0, a1, a2, a3, b0, b1, b2, b3 = c0, c1, c2, c3, d0, d1, d2, d3
            at, to = at + 2 * channels, to + channels


@subroutine
def _down(frame, at, line):
    """A column of B^T d."""
    a, b = load(frame, at), load(frame, at + line)
    c, d = load(frame, at + 2 * line), load(frame, at + 3 * line)
    return a - c, b + c, c - b, b - d


@subroutine
def _along(pixels, to, apart, a, b, c, d):
    """A row of B^T d B from one of B^T d."""
    store(pixels, to, a - c)
    store(pixels, to + apart, b + c)
    store(pixels, to + 2 * apart, c - b)
    store(pixels, to + 3 * apart, b - d)


@subroutine
def _transform_gradient(above, row, tile, across, grads):
    """A dL/dY A^T of a row of tiles."""
    lanes, outputs = lanes_of(above), above.shape[2]
    line, apart = above.shape[1] * outputs, grads.shape[1] * outputs
    for output in range(0, outputs, lanes):
        at, to = 2 * row * line + output, tile * outputs + output
        for _ in range(across):
            a, b, c, d = (load(above, at), load(above, at + outputs),
                          load(above, at + line), load(above, at + line + outputs))  # fmt: skip
            _spread_pair(grads, to, apart, a, b)
            _spread_pair(grads, to + 4 * apart, apart, a + c, b + d)
            _spread_pair(grads, to + 8 * apart, apart, a - c, b - d)
            _spread_pair(grads, to + 12 * apart, apart, constant(above, 0.0) - c, constant(above, 0.0) - d)
            at, to = at + 2 * outputs, to + outputs


@subroutine
def _spread_pair(grads, to, apart, a, b):
    store(grads, to, a)
    store(grads, to + apart, a + b)
    store(grads, to + 2 * apart, a - b)
    store(grads, to + 3 * apart, constant(grads, 0.0) - b)


@subroutine
def _outputs(products, tile, across, bias, out, image, row):
    """A^T M A + bias of a row of tiles; what reaches over the edge of the image is left out."""
    lanes, outputs = lanes_of(products), out.shape[3]
    apart, line = products.shape[1] * outputs, out.shape[2] * outputs
    is_whole, last = 2 * row + 1 < out.shape[1], out.shape[2] - 1
    start = (image * out.shape[1] + 2 * row) * line
    for output in range(0, outputs, lanes):
        added = load(bias, output) if bias.size else constant(out, 0.0)
        at, to = tile * outputs + output, start + output
        for column in range(across):
            a0, b0 = _pair(products, at, apart)
            a1, b1 = _pair(products, at + 4 * apart, apart)
            a2, b2 = _pair(products, at + 8 * apart, apart)
            a3, b3 = _pair(products, at + 12 * apart, apart)
            is_even = 2 * column < last
            store(out, to, a0 + a1 + a2 + added)
            if is_even:
                store(out, to + outputs, b0 + b1 + b2 + added)
            if is_whole:
                store(out, to + line, a1 - a2 - a3 + added)
                if is_even:
                    store(out, to + line + outputs, b1 - b2 - b3 + added)
            at, to = at + outputs, to + 2 * outputs


@subroutine
def _pair(products, at, apart):
    """A row of M A."""
    a, b = load(products, at), load(products, at + apart)
    c, d = load(products, at + 2 * apart), load(products, at + 3 * apart)
    return a + b + c, b - c - d


@subroutine
def _transform_kernels(weight, kernels):
    """G g G^T."""
    lanes, count = lanes_of(weight), weight.shape[2] * weight.shape[3]
    for at in range(0, count, lanes):
        a0, a1, a2, a3 = _four(weight, at, 3 * count)
        b0, b1, b2, b3 = _four(weight, at + count, 3 * count)
        c0, c1, c2, c3 = _four(weight, at + 2 * count, 3 * count)
        _store_four(kernels, at, count, a0, b0, c0)
        _store_four(kernels, at + 4 * count, count, a1, b1, c1)
        _store_four(kernels, at + 8 * count, count, a2, b2, c2)
        _store_four(kernels, at + 12 * count, count, a3, b3, c3)


@subroutine
def _four(weight, at, apart):
    """A column of G g."""
    a, b, c = load(weight, at), load(weight, at + apart), load(weight, at + 2 * apart)
    half = constant(weight, 0.5)
    return a, half * (a + b + c), half * (a - b + c), c


@subroutine
def _store_four(kernels, at, apart, a, b, c):
    """A row of G g G^T from one of G g."""
    half = constant(kernels, 0.5)
    store(kernels, at, a)
    store(kernels, at + apart, half * (a + b + c))
    store(kernels, at + 2 * apart, half * (a - b + c))
    store(kernels, at + 3 * apart, c)


@subroutine
def _transform_back(sums, weight_grad):
    """G^T dL/dU G."""
    lanes, count = lanes_of(sums), weight_grad.shape[2] * weight_grad.shape[3]
    for at in range(0, count, lanes):
        a0, a1, a2 = _three(sums, at, 4 * count)
        b0, b1, b2 = _three(sums, at + count, 4 * count)
        c0, c1, c2 = _three(sums, at + 2 * count, 4 * count)
        d0, d1, d2 = _three(sums, at + 3 * count, 4 * count)
        _store_three(weight_grad, at, count, a0, b0, c0, d0)
        _store_three(weight_grad, at + 3 * count, count, a1, b1, c1, d1)
        _store_three(weight_grad, at + 6 * count, count, a2, b2, c2, d2)


@subroutine
def _three(sums, at, apart):
    """A column of G^T dL/dU."""
    a, b = load(sums, at), load(sums, at + apart)
    c, d = load(sums, at + 2 * apart), load(sums, at + 3 * apart)
    half = constant(sums, 0.5)
    return a + half * (b + c), half * (b - c), half * (b + c) + d


@subroutine
def _store_three(weight_grad, at, apart, a, b, c, d):
    """A row of G^T dL/dU G from one of G^T dL/dU."""
    half = constant(weight_grad, 0.5)
    store(weight_grad, at, a + half * (b + c))
    store(weight_grad, at + apart, half * (b - c))
    store(weight_grad, at + 2 * apart, half * (b + c) + d)
