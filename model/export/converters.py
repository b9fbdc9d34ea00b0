"""The converter of each kind of layer to ONNX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from base.base_layer import BaseLayer
from base.errors import UserError
from model.export.graph import Graph

Converter = Callable[[Graph, Any, str], str]
AnyConverter = TypeVar("AnyConverter", bound=Converter)

_CONVERTERS: dict[type[BaseLayer], Converter] = {}


def converter(*kinds: type[BaseLayer]) -> Callable[[AnyConverter], AnyConverter]:
    """Make a function the converter of these layers, and not of their subclasses, which may compute something else.

    It is given the graph, the layer and the name of the layer's input, appends what the layer computes in evaluation
    mode, and returns the name of the output. Samples have the axes that they have in `forward`: channels are last.
    """

    def register(function: AnyConverter) -> AnyConverter:
        _CONVERTERS.update(dict.fromkeys(kinds, function))
        return function

    return register


def convert(graph: Graph, layer: BaseLayer, x: str) -> str:
    """Append a layer to a graph and return its output's name. Raises UserError for a layer without a converter."""
    kind = type(layer)
    if kind not in _CONVERTERS:
        raise UserError(
            f"{layer.name or 'arch'}: {kind.__name__} has no converter to ONNX; write one in {kind.__module__}, a "
            f"function (graph, layer, x) below @converter({kind.__name__}): docs/guides/export.md has an example"
        )
    before, graph.scope = graph.scope, layer.name
    output = _CONVERTERS[kind](graph, layer, x)
    graph.scope, graph.layers[layer.name] = before, output
    return output
