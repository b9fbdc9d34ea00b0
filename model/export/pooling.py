"""Pooling."""

from typing import Any

from model.export.converters import converter
from model.export.graph import Graph
from model.layers.pooling import AvgPool2D, GlobalAvgPool2D, MaxPool2D, Pool2D
from model.windows import pair


@converter(MaxPool2D)
def max_pool2d(graph: Graph, layer: MaxPool2D, x: str) -> str:
    """MaxPool, whose images have channels first."""
    return graph.channels_last(graph.node("MaxPool", graph.channels_first(x), **_windows(layer)))


@converter(AvgPool2D)
def avg_pool2d(graph: Graph, layer: AvgPool2D, x: str) -> str:
    """AveragePool, whose images have channels first."""
    windows = _windows(layer) | {"count_include_pad": int(layer.count_include_pad)}
    return graph.channels_last(graph.node("AveragePool", graph.channels_first(x), **windows))


@converter(GlobalAvgPool2D)
def global_avg_pool2d(graph: Graph, layer: GlobalAvgPool2D, x: str) -> str:
    """The mean over height and width."""
    return graph.node("ReduceMean", x, axes=[1, 2], keepdims=0)


def _windows(layer: Pool2D) -> dict[str, Any]:
    kernel = pair(layer.kernel_size)
    return {
        "kernel_shape": [*kernel],
        "strides": [*pair(layer.stride or kernel)],
        "pads": [*pair(layer.padding), *pair(layer.padding)],
    }
