"""Batch and layer normalisation."""

from typing import Any

import numpy as np

from base.types import Array
from model.export.converters import converter
from model.export.graph import Graph
from model.layers.batch_norm import BatchNorm, BatchNorm1D, BatchNorm2D
from model.layers.layer_norm import LayerNorm


@converter(BatchNorm1D, BatchNorm2D)
def batch_norm(graph: Graph, layer: BatchNorm, x: str) -> str:
    """BatchNormalization of images, which may melt into a Conv before it; else arithmetic over the last axis."""
    assert layer.input_shape is not None
    ones = np.ones(layer.input_shape[-1])
    weight, bias = (layer.weight.value, layer.bias.value) if layer.affine else (ones, 0 * ones)
    if not layer.track_running_stats:
        return _normalised(graph, x, range(len(layer.input_shape)), layer.eps, weight, bias)
    mean, variance = layer.running_mean.value, layer.running_var.value + layer.eps
    if len(layer.input_shape) == 3:
        names = ("weight", "bias", "running_mean", "running_var_plus_eps")
        constants = [graph.constant(*pair) for pair in zip((weight, bias, mean, variance), names, strict=True)]
        images = graph.channels_first(x)
        return graph.channels_last(graph.node("BatchNormalization", images, *constants, epsilon=0.0))
    centred = graph.node("Sub", x, graph.constant(mean, "running_mean"))
    scaled = graph.node("Mul", centred, graph.constant(weight / np.sqrt(variance), "scale"))
    return graph.node("Add", scaled, graph.constant(bias, "bias"))


@converter(LayerNorm)
def layer_norm(graph: Graph, layer: LayerNorm, x: str) -> str:
    """Its arithmetic: LayerNormalization computes in float32."""
    assert layer.input_shape is not None
    wanted = layer.normalized_shape
    count = len(wanted) if isinstance(wanted, list) else 1
    shape = layer.input_shape[-count:]
    weight = layer.weight.value.reshape(shape) if layer.elementwise_affine else None
    bias = layer.bias.value.reshape(shape) if layer.has_bias else None
    return _normalised(graph, x, range(-count, 0), layer.eps, weight, bias)


def _normalised(graph: Graph, x: str, axes: range, eps: float, weight: Array | None, bias: Array | None) -> str:
    """(x - mean) / sqrt(variance + eps) * weight + bias, with mean and variance over some axes."""
    over: dict[str, Any] = {"axes": [*axes], "keepdims": 1}
    centred = graph.node("Sub", x, graph.node("ReduceMean", x, **over))
    variance = graph.node("ReduceMean", graph.node("Mul", centred, centred), **over)
    result = graph.node("Div", centred, graph.node("Sqrt", graph.node("Add", variance, np.array(eps))))
    if weight is not None:
        result = graph.node("Mul", result, graph.constant(weight, "weight"))
    return result if bias is None else graph.node("Add", result, graph.constant(bias, "bias"))
