"""Convolution of images and its gradients, out of tiles: nothing is gathered.

With channels last, the pixels under a row of a kernel lie in one piece, and the sum over its rows is the tile's
batch. Each image is copied into a frame of zeros first, which stays in the cache.

An output is a chain over the kernel's rows, as many at a time as make CHAIN products, then the bias; with groups or
dilation a chain for each row. A weight's gradient is, for each image in order, a chain over rows of outputs, again of
CHAIN products. The input's gradient is the convolution of dL/dy with the kernels turned by half a circle; with a
stride or groups, a chain over the outputs that see the pixel, in the order of the kernel's places.
"""

import numpy as np

from base.types import Array
from ops.compiled import winograd
from ops.compiled.arrays import optional, whole
from ops.compiled.depthwise import depthwise, depthwise_input_gradient, depthwise_weight_gradient
from ops.compiled.frame import extent, fill_frame, take_from_frame
from ops.compiled.kernel import kernel
from ops.compiled.products import CHAIN
from ops.compiled.sums import add_rows
from ops.compiled.tile import ADDED, CONTINUED, NEW, panel, size_of
from ops.formulas.convolution import Convolutions, Geometry


class CompiledConvolutions(Convolutions):
    """Convolutions of images (N, H, W, C) with kernels (kh, kw, C / groups, D) to (N, H', W', D)."""

    def conv2d(self, x: Array, weight: Array, bias: Array | None, geometry: Geometry, out: Array) -> Array:
        if winograd.suits(weight, geometry):
            winograd.convolve(whole(x), weight, optional(bias, out), geometry.padding, out)
        else:
            run = depthwise if _is_depthwise(weight, geometry) else _forward
            run(whole(x), weight, optional(bias, out), geometry, out)
        return out

    def conv2d_weight_gradient(
        self, x: Array, dy: Array, geometry: Geometry, weight_grad: Array, bias_grad: Array | None
    ) -> None:
        if winograd.suits(weight_grad, geometry):
            winograd.weight_gradient(whole(x), whole(dy), geometry.padding, weight_grad)
        else:
            run = depthwise_weight_gradient if _is_depthwise(weight_grad, geometry) else _weight_gradient
            run(whole(x), whole(dy), geometry, weight_grad)
        if bias_grad is not None:
            add_rows(whole(dy).reshape(-1, dy.shape[3]), bias_grad)

    def conv2d_input_gradient(self, dy: Array, weight: Array, geometry: Geometry, out: Array) -> Array:
        dy = whole(dy)
        if winograd.suits(weight, geometry):
            top, left = geometry.padding
            turned = _turned(weight, 1, 1).reshape(3, 3, weight.shape[3], weight.shape[2])
            winograd.convolve(dy, turned, optional(None, out), (2 - top, 2 - left), out)
        elif _is_depthwise(weight, geometry):
            depthwise_input_gradient(dy, weight, geometry, out)
        elif geometry.groups == 1 and (geometry.stride == (1, 1) or geometry.dilation == (1, 1)):
            _input_gradient(dy, weight, geometry, out)
        else:
            _scattered_input_gradient(dy, weight, geometry, out)
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


@kernel
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
    """Pixels that are a stride apart are a convolution of dL/dy with every stride-th row and column of kernels."""
    (stride, stride_across), (top, left), (dilation, dilation_across), _ = geometry
    zero, size = dy.dtype.type(0), dy.itemsize
    count, outputs = dy.shape[0], dy.shape[3]
    height, width, channels, _ = weight.shape
    above, before = (height - 1) // stride * dilation, (width - 1) // stride_across * dilation_across
    last, last_across = (top + out.shape[1] - 1) // stride, (left + out.shape[2] - 1) // stride_across
    frame = np.zeros((above + last + 1, before + last_across + 1, outputs), dy.dtype)
    line = frame.shape[1] * outputs
    turned = _turned(weight, stride, stride_across)
    if height < stride or width < stride_across:
        out.fill(zero)  # pixels that no kernel sees
    for image in range(count):
        fill_frame(dy, image, (above, before), frame)
        offset = 0
        for phase in range(stride):
            tall = (height - phase + stride - 1) // stride
            for phase_across in range(stride_across):
                wide = (width - phase_across + stride_across - 1) // stride_across
                if tall * wide == 0:
                    continue
                first, first_across = -((phase - top) // stride), -((phase_across - left) // stride_across)
                many = (left + out.shape[2] - 1 - phase_across) // stride_across - first_across + 1
                for u in range(first, (top + out.shape[1] - 1 - phase) // stride + 1):
                    y, x = stride * u + phase - top, stride_across * first_across + phase_across - left
                    c = out.ctypes.data + size * ((image * out.shape[1] + y) * out.shape[2] + x) * channels
                    a = frame.ctypes.data + size * (
                        (above + u - (tall - 1) * dilation) * line
                        + (before + first_across - (wide - 1) * dilation_across) * outputs
                    )
                    _correlate(zero, a, outputs, dilation * line, dilation_across * outputs,
                               turned.ctypes.data + size * offset, channels, tall, wide, outputs, c, NEW,
                               c, stride_across * channels, many, channels)  # fmt: skip
                offset += tall * wide * outputs * channels


@kernel
def _turned(weight, stride, stride_across):
    """Kernels turned by half a circle, inputs for outputs, those of one phase after the other: flat."""
    height, width, inputs, outputs = weight.shape
    turned, place = np.empty(weight.size, weight.dtype), 0
    for phase in range(stride):
        for phase_across in range(stride_across):
            for t in range((height - phase + stride - 1) // stride - 1, -1, -1):
                for s in range((width - phase_across + stride_across - 1) // stride_across - 1, -1, -1):
                    p, q = phase + stride * t, phase_across + stride_across * s
                    for output in range(outputs):
                        for channel in range(inputs):
                            turned[place] = weight[p, q, channel, output]
                            place += 1
    return turned


@kernel
def _scattered_input_gradient(dy, weight, geometry, out):
    (stride, stride_across), padding, (dilation, dilation_across), groups = geometry
    zero, size = dy.dtype.type(0), dy.itemsize
    count, rows, columns, outputs = dy.shape
    height, width, inputs, _ = weight.shape
    channels = out.shape[3]
    outputs_each = outputs // groups
    frame = np.empty((*extent(weight, geometry, dy), channels), dy.dtype)
    line = frame.shape[1] * channels
    turned = np.empty((height, width, outputs, inputs), dy.dtype)
    for p in range(height):
        for q in range(width):
            for k in range(inputs):
                for d in range(outputs):
                    turned[p, q, d, k] = weight[p, q, k, d]
    for image in range(count):
        frame.fill(zero)
        for i in range(rows):
            for group in range(groups):
                a = dy.ctypes.data + size * ((image * rows + i) * columns * outputs + group * outputs_each)
                for p in range(height):
                    for q in range(width):
                        b = turned.ctypes.data + size * ((p * width + q) * outputs + group * outputs_each) * inputs
                        c = frame.ctypes.data + size * (
                            (i * stride + p * dilation) * line + q * dilation_across * channels + group * inputs
                        )
                        panel(zero, a, 0, outputs, 1, b, 0, inputs, c, stride_across * channels, c,
                              stride_across * channels, 1, outputs_each, columns, inputs, CONTINUED)  # fmt: skip
        take_from_frame(frame, padding, image, out)
