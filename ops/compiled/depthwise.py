"""Convolution of each channel by itself: there is nothing to sum over channels, so these are no matrix products.

An output is a chain over the kernel's places, then the bias. A weight's gradient is, for each image in order, a chain
over the outputs; the input's gradient a chain over the outputs that see the pixel.
"""

import numpy as np

from ops.compiled.frame import extent, fill_frame, take_from_frame
from ops.compiled.kernel import kernel
from ops.compiled.vector import fma, lanes_of, load_part, spread, store_part


@kernel
def depthwise(x, weight, bias, geometry, out):
    """out (N, H', W', C) of x (N, H, W, C) and weight (kh, kw, 1, C)."""
    (stride, stride_across), padding, (dilation, dilation_across), _ = geometry
    count, rows, columns, channels = out.shape
    height, width = weight.shape[0], weight.shape[1]
    frame = np.zeros((*extent(weight, geometry, out), channels), x.dtype)
    line, lanes, zero = frame.shape[1] * channels, lanes_of(x), spread(x.dtype.type(0))
    for image in range(count):
        fill_frame(x, image, padding, frame)
        for i in range(rows):
            for channel in range(0, channels, lanes):
                part = min(lanes, channels - channel)
                for j in range(columns):
                    total, seen = zero, i * stride * line + j * stride_across * channels + channel
                    for p in range(height):
                        for q in range(width):
                            pixel = load_part(frame, seen + p * dilation * line + q * dilation_across * channels, part)
                            total = fma(pixel, load_part(weight, (p * width + q) * channels + channel, part), total)
                    if bias.size:
                        total = total + load_part(bias, channel, part)
                    store_part(out, ((image * rows + i) * columns + j) * channels + channel, total, part)


@kernel
def depthwise_weight_gradient(x, dy, geometry, weight_grad):
    """dL/dW, for all images."""
    (stride, stride_across), padding, (dilation, dilation_across), _ = geometry
    count, rows, columns, channels = dy.shape
    height, width = weight_grad.shape[0], weight_grad.shape[1]
    frame = np.zeros((*extent(weight_grad, geometry, dy), channels), x.dtype)
    line, lanes, zero = frame.shape[1] * channels, lanes_of(x), spread(x.dtype.type(0))
    for image in range(count):
        fill_frame(x, image, padding, frame)
        for channel in range(0, channels, lanes):
            part = min(lanes, channels - channel)
            for p in range(height):
                for q in range(width):
                    total, place = zero, (p * width + q) * channels + channel
                    for i in range(rows):
                        seen = (i * stride + p * dilation) * line + q * dilation_across * channels + channel
                        above = (image * rows + i) * columns * channels + channel
                        for j in range(columns):
                            pixel = load_part(frame, seen + j * stride_across * channels, part)
                            total = fma(pixel, load_part(dy, above + j * channels, part), total)
                    if image > 0:
                        total = load_part(weight_grad, place, part) + total
                    store_part(weight_grad, place, total, part)


@kernel
def depthwise_input_gradient(dy, weight, geometry, out):
    """dL/dx, for all images."""
    (stride, stride_across), padding, (dilation, dilation_across), _ = geometry
    count, rows, columns, channels = dy.shape
    height, width = weight.shape[0], weight.shape[1]
    frame = np.empty((*extent(weight, geometry, dy), channels), dy.dtype)
    line, lanes = frame.shape[1] * channels, lanes_of(dy)
    for image in range(count):
        frame.fill(dy.dtype.type(0))
        for channel in range(0, channels, lanes):
            part = min(lanes, channels - channel)
            for i in range(rows):
                for p in range(height):
                    for q in range(width):
                        factor = load_part(weight, (p * width + q) * channels + channel, part)
                        above = (image * rows + i) * columns * channels + channel
                        seen = (i * stride + p * dilation) * line + q * dilation_across * channels + channel
                        for j in range(columns):
                            place = seen + j * stride_across * channels
                            held = load_part(frame, place, part)
                            held = fma(load_part(dy, above + j * channels, part), factor, held)
                            store_part(frame, place, held, part)
        take_from_frame(frame, padding, image, out)
