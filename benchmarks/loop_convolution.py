"""The convolution that one writes first: loops over samples and places, to show what the others gain."""

import time

import numpy as np

from base.base_model import BaseModel
from base.types import Array
from model.layers.conv import Conv2D
from model.windows import pair


def loop_milliseconds(model: BaseModel, batch: int) -> float:
    """The time that the convolutions of a step take by loops, forth and back."""
    layers = [layer for _, layer in model.leaves() if isinstance(layer, Conv2D)]
    total = 0.0
    for layer in layers:
        assert layer.input_shape is not None
        assert layer.output_shape is not None
        height, width, channels = layer.input_shape
        margin = int(layer.padding) if isinstance(layer.padding, int) else 0
        x = np.ones((batch, height + 2 * margin, width + 2 * margin, channels), np.float32)
        start = time.perf_counter()
        forth_and_back(x, layer.weight.value, pair(layer.stride)[0], (batch, *layer.output_shape))
        total += time.perf_counter() - start
    return total * 1e3


def forth_and_back(x: Array, weight: Array, stride: int, shape: tuple[int, ...]) -> None:
    """Output, and the gradients of kernel and input, of images with their margins."""
    height, width = weight.shape[:2]
    out, weight_gradient, input_gradient = np.zeros(shape, x.dtype), np.zeros_like(weight), np.zeros_like(x)
    places = [(n, y, z) for n in range(shape[0]) for y in range(shape[1]) for z in range(shape[2])]
    for n, y, z in places:
        patch = x[n, y * stride : y * stride + height, z * stride : z * stride + width]
        out[n, y, z] = np.tensordot(patch, weight, axes=3)
    for n, y, z in places:
        rows, columns = slice(y * stride, y * stride + height), slice(z * stride, z * stride + width)
        weight_gradient += x[n, rows, columns, :, None] * out[n, y, z]
        input_gradient[n, rows, columns] += weight @ out[n, y, z]
