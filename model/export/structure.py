"""Layers that compute nothing themselves: containers, shapes, and what acts in training only."""

import numpy as np

from base.base_layer import BaseLayer
from model.export.converters import convert, converter
from model.export.graph import Graph
from model.layers.activations import Identity
from model.layers.dropout import Dropout, Dropout2D
from model.layers.residual import BasicBlock, Block, Bottleneck, Residual
from model.layers.sequential import Sequential
from model.layers.shape import Flatten, Reshape


@converter(Identity, Dropout, Dropout2D)
def identity(graph: Graph, layer: BaseLayer, x: str) -> str:
    """Nothing."""
    return x


@converter(Flatten, Reshape)
def reshape(graph: Graph, layer: BaseLayer, x: str) -> str:
    """Reshape, where 0 stands for the size of the batch."""
    assert layer.output_shape is not None
    if layer.input_shape == layer.output_shape:
        return x
    return graph.node("Reshape", x, graph.constant(np.array([0, *layer.output_shape], np.int64), "shape"))


@converter(Sequential)
def sequential(graph: Graph, layer: Sequential, x: str) -> str:
    """One layer after the other."""
    for child in layer.children.values():
        x = convert(graph, child, x)
    return x


@converter(Residual, BasicBlock, Bottleneck)
def block(graph: Graph, layer: Block, x: str) -> str:
    """after(body(x) + shortcut(x)); parts without layers are left out."""
    parts = {name: layer.children.get(name) for name in ("body", "shortcut", "after")}
    branches = [x if part is None else convert(graph, part, x) for part in (parts["body"], parts["shortcut"])]
    total = graph.node("Add", *branches)
    return total if parts["after"] is None else convert(graph, parts["after"], total)
