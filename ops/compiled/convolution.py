"""Convolution of images and its gradients, out of tiles: nothing is gathered.

With channels last, the pixels under a row of a kernel lie in one piece, and the sum over its rows is the tile's
batch. Each image is copied into a frame of zeros first, which stays in the cache. Kernels of 3 x 3 with many channels
go Winograd's way (winograd.py).

An output is a chain over the kernel's rows, as many at a time as make CHAIN products, then the bias; where the places
of a row are apart, by groups or dilation, a chain for each row. A weight's gradient is, for each image in order, a
chain over rows of outputs, again of CHAIN products. The input's gradient is what each output gives to the pixels under
its kernel, a chain over channels, added up in the order of the outputs.
"""

import numpy as np

from base.types import Array
from ops.compiled import winograd
from ops.compiled.arrays import optional, whole, written
from ops.compiled.depthwise import depthwise, depthwise_input_gradient, depthwise_weight_gradient
from ops.compiled.frame import extent, fill_frame, take_from_frame
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.products import CHAIN
from ops.compiled.sums import add, add_rows
from ops.compiled.tile import ADDED, NEW, make_ready, panel, size_of
from ops.compiled.transpose import transpose
from ops.formulas.convolution import Convolutions, Geometry

_TOGETHER = 48  # outputs whose products are made, in whole rows, before they are added: they stay in the cache


class CompiledConvolutions(Convolutions):
    """Convolutions of images (N, H, W, C) with kernels (kh, kw, C / groups, D) to (N, H', W', D)."""

    def conv2d(self, x: Array, weight: Array, bias: Array | None, geometry: Geometry, out: Array) -> Array:
        if not x.size:
            return super().conv2d(x, weight, bias, geometry, out)
        make_ready(out.dtype)
        x, weight, bias = whole(x, out.dtype), whole(weight, out.dtype), optional(bias, out)
        if winograd.suits(weight, geometry):
            winograd.convolve(x, weight, bias, geometry.padding, written(out))
        else:
            run = depthwise if _is_depthwise(weight, geometry) else _forward
            run(x, weight, bias, geometry, written(out))
        return out

    def conv2d_weight_gradient(
        self, x: Array, dy: Array, geometry: Geometry, weight_grad: Array, bias_grad: Array | None
    ) -> None:
        if not x.size:
            return super().conv2d_weight_gradient(x, dy, geometry, weight_grad, bias_grad)
        make_ready(weight_grad.dtype)
        x, dy = whole(x, weight_grad.dtype), whole(dy, weight_grad.dtype)
        if winograd.suits(weight_grad, geometry):
            winograd.weight_gradient(x, dy, geometry.padding, written(weight_grad))
        else:
            run = depthwise_weight_gradient if _is_depthwise(weight_grad, geometry) else _weight_gradient
            run(x, dy, geometry, written(weight_grad))
        if bias_grad is not None:
            add_rows(dy.reshape(-1, dy.shape[3]), bias_grad)
        return None

    def conv2d_input_gradient(self, dy: Array, weight: Array, geometry: Geometry, out: Array) -> Array:
        if not dy.size:
            return super().conv2d_input_gradient(dy, weight, geometry, out)
        make_ready(out.dtype)
        dy, weight = whole(dy, out.dtype), whole(weight, out.dtype)
        if winograd.suits(weight, geometry):
            top, left = geometry.padding
            winograd.convolve(dy, _half_turned(weight), optional(None, out), (2 - top, 2 - left), written(out))
        elif _is_depthwise(weight, geometry):
            depthwise_input_gradient(dy, weight, geometry, written(out))
        else:
            _input_gradient(dy, weight, geometry, written(out))
        return out


def _is_depthwise(weight: Array, geometry: Geometry) -> bool:
    return geometry.groups > 1 and weight.shape[2] == 1 and weight.shape[3] == geometry.groups


@kernel
def _forward(x, weight, bias, geometry, out):
    (stride, stride_across), padding, (dilation, dilation_across), groups = geometry
    zero, size = x.dtype.type(0), x.itemsize
    count, rows, columns, outputs = out.shape
    height, width, inputs, _ = weight.shape
    channels = x.shape[3]
    frame = np.zeros((*extent(weight, geometry, out), channels), x.dtype)
    line = frame.shape[1] * channels
    mode = ADDED if bias.size else NEW
    for image in range(count):
        fill_frame(x, image, padding, frame)
        for i in range(rows):
            for group in range(groups):
                first = size * group * (outputs // groups)
                _correlate(zero, frame.ctypes.data + size * (i * stride * line + group * inputs), stride_across *
                channels,
                           dilation * line, dilation_across * channels, weight.ctypes.data + first, outputs,
                           height, width, inputs, bias.ctypes.data + first, mode,
                           out.ctypes.data + size * (image * rows + i) * columns * outputs + first, outputs,
                           columns, outputs // groups)  # fmt: skip


@subroutine
def _correlate(zero, a, a_m, a_p, a_q, b, b_k, height, width, inputs, bias, mode, c, c_m, rows, columns):
    """A row of outputs: pixels are a_m apart, those under a kernel a_p and a_q; a, b, bias and c are addresses."""
    size = size_of(zero)
    is_one_piece = a_q == inputs
    step = max(1, CHAIN // (width * inputs)) if is_one_piece else 1
    for p in range(0, height, step):
        d, d_m, last = (bias, 0, mode) if p == 0 else (c, c_m, ADDED)
        left, right = a + size * p * a_p, b + size * p * width * inputs * b_k
        if is_one_piece:
            panel(zero, left, a_p, a_m, 1, right, width * inputs * b_k, b_k, c, c_m, d, d_m,
                  min(step, height - p), width * inputs, rows, columns, last)  # fmt: skip
        else:
            panel(zero, left, a_q, a_m, 1, right, inputs * b_k, b_k, c, c_m, d, d_m,
                  width, inputs, rows, columns, last)  # fmt: skip


@kernel
def _weight_gradient(x, dy, geometry, weight_grad):
    (stride, stride_across), padding, (dilation, dilation_across), groups = geometry
    zero, size = x.dtype.type(0), x.itemsize
    count, rows, columns, outputs = dy.shape
    height, width, inputs, _ = weight_grad.shape
    channels = x.shape[3]
    frame = np.zeros((*extent(weight_grad, geometry, dy), channels), x.dtype)
    line = frame.shape[1] * channels
    together = width if groups == 1 and dilation_across == 1 else 1  # places of a kernel's row taken as one piece
    step = max(1, CHAIN // columns)
    for image in range(count):
        fill_frame(x, image, padding, frame)
        for p in range(height):
            for q in range(0, width, together):
                for group in range(groups):
                    first = group * (outputs // groups)
                    c = weight_grad.ctypes.data + size * ((p * width + q) * inputs * outputs + first)
                    for i in range(0, rows, step):
                        a = frame.ctypes.data + size * (
                            (p * dilation + i * stride) * line + q * dilation_across * channels + group * inputs
                        )
                        b = dy.ctypes.data + size * ((image * rows + i) * columns * outputs + first)
                        panel(zero, a, stride * line, 1, stride_across * channels, b, columns * outputs, outputs,
                              c, outputs, c, outputs, min(step, rows - i), columns, together * inputs, outputs //
                              groups, ADDED if image > 0 or i > 0 else NEW)  # fmt: skip


@kernel
def _input_gradient(dy, weight, geometry, out):
    """dL/dx: contributions of a few rows of outputs are computed, then added into the image's frame."""
    (stride, stride_across), padding, (dilation, dilation_across), groups = geometry
    zero, size = dy.dtype.type(0), dy.itemsize
    count, rows, columns, outputs = dy.shape
    height, width, inputs, _ = weight.shape
    channels, each, under = out.shape[3], outputs // groups, height * width * inputs
    lines = max(1, _TOGETHER // columns)
    turned, given = _transposed(weight, groups), np.empty((lines * columns, under), dy.dtype)
    frame = np.empty((*extent(weight, geometry, dy), channels), dy.dtype)
    together = width if groups == 1 and dilation_across == 1 else 1  # places of a kernel's row taken as one piece
    piece, across = together * inputs, dilation_across * channels
    for image in range(count):
        frame.fill(zero)
        for first in range(0, rows, lines):
            many = min(lines, rows - first) * columns
            for group in range(groups):
                a = dy.ctypes.data + size * ((image * rows + first) * columns * outputs + group * each)
                for begun in range(0, each, CHAIN):
                    b, c = turned.ctypes.data + size * (group * each + begun) * under, given.ctypes.data
                    panel(zero, a + size * begun, 0, outputs, 1, b, 0, under, c, under, c, under, 1,
                          min(CHAIN, each - begun), many, under, ADDED if begun > 0 else NEW)  # fmt: skip
                at = 0
                for i in range(first, first + many // columns):
                    for j in range(columns):
                        for p in range(height):
                            to = ((i * stride + p * dilation) * frame.shape[1] + j * stride_across) * channels
                            for q in range(0, width, together):
                                add(frame, to + q * across + group * inputs, given, at, piece)
                                at += piece
        take_from_frame(frame, padding, image, out)


@subroutine
def _transposed(weight, groups):
    """For each group its kernels (D / groups, kh kw C / groups), outputs as rows."""
    outputs = weight.shape[3]
    under = weight.size // outputs
    turned, flat = np.empty((groups, outputs // groups, under), weight.dtype), weight.reshape(under, outputs)
    transpose(flat, turned.reshape(outputs, under))
    return turned


@kernel
def _half_turned(weight):
    """Kernels turned by half a circle, inputs for outputs."""
    height, width, inputs, outputs = weight.shape
    turned = np.empty((height, width, outputs, inputs), weight.dtype)
    for p in range(height):
        for q in range(width):
            transpose(weight[p, q], turned[height - 1 - p, width - 1 - q])
    return turned
