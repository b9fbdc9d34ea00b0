"""Layers that are matrix products: fully connected and convolutional."""

import numpy as np

from model.export.converters import converter
from model.export.graph import Graph
from model.layers.conv import Conv2D
from model.layers.linear import Linear
from model.windows import Pair


@converter(Linear)
def linear(graph: Graph, layer: Linear, x: str) -> str:
    """Gemm for rows, MatMul and Add where samples have more axes."""
    assert layer.input_shape is not None
    weight = graph.constant(layer.weight.value, "weight")
    bias = [graph.constant(layer.bias.value, "bias")] if layer.has_bias else []
    if len(layer.input_shape) == 1:
        return graph.node("Gemm", x, weight, *bias)
    product = graph.node("MatMul", x, weight)
    return graph.node("Add", product, *bias) if bias else product


@converter(Conv2D)
def conv2d(graph: Graph, layer: Conv2D, x: str) -> str:
    """Conv, whose images have channels first, with kernels (out, in / groups, height, width)."""
    weight, stride, dilation = layer.weight.value, layer.geometry.stride, layer.geometry.dilation
    bias = [graph.constant(layer.bias.value, "bias")] if layer.has_bias else []
    output = graph.node(
        "Conv",
        graph.channels_first(x),
        graph.constant(np.ascontiguousarray(weight.transpose(3, 2, 0, 1)), "weight"),
        *bias,
        kernel_shape=weight.shape[:2],
        strides=stride,
        dilations=dilation,
        group=layer.geometry.groups,
        pads=[*layer.geometry.padding, *_margins_after(layer)],
    )
    return graph.channels_last(output)


def _margins_after(layer: Conv2D) -> Pair:
    """The zeros below and to the right that the last kernels reach."""
    geometry, shape, outputs = layer.geometry, layer.input_shape, layer.output_shape
    assert shape is not None
    assert outputs is not None
    kernel = layer.weight.shape
    below, right = (
        (outputs[axis] - 1) * geometry.stride[axis]
        + geometry.dilation[axis] * (kernel[axis] - 1)
        + 1
        - shape[axis]
        - geometry.padding[axis]
        for axis in (0, 1)
    )
    return max(below, 0), max(right, 0)
