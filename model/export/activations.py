"""Activations: each number by itself, and softmax over the last axis."""

import math

import numpy as np

from model.export.converters import converter
from model.export.graph import Graph
from model.layers.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from model.layers.gated import GELU, SiLU
from model.layers.log_softmax import LogSoftmax


@converter(ReLU)
def relu(graph: Graph, layer: ReLU, x: str) -> str:
    """max(x, 0)."""
    return graph.node("Relu", x)


@converter(LeakyReLU)
def leaky_relu(graph: Graph, layer: LeakyReLU, x: str) -> str:
    """PRelu with one slope, as that of LeakyRelu is a float32."""
    return graph.node("PRelu", x, np.array([layer.negative_slope]))


@converter(Sigmoid)
def sigmoid(graph: Graph, layer: Sigmoid, x: str) -> str:
    """1 / (1 + exp(-x))."""
    return graph.node("Sigmoid", x)


@converter(Tanh)
def tanh(graph: Graph, layer: Tanh, x: str) -> str:
    """tanh(x)."""
    return graph.node("Tanh", x)


@converter(SiLU)
def silu(graph: Graph, layer: SiLU, x: str) -> str:
    """x sigmoid(x)."""
    return graph.node("Mul", x, graph.node("Sigmoid", x))


@converter(GELU)
def gelu(graph: Graph, layer: GELU, x: str) -> str:
    """x (1 + erf(x / sqrt(2))) / 2, or x sigmoid(2 u): ONNX has Gelu since version 20 only."""
    if layer.approximate == "tanh":
        slope = 2 * math.sqrt(2 / math.pi)
        u = graph.node("Add", graph.node("Mul", graph.node("Mul", x, x), np.array(0.044715 * slope)), np.array(slope))
        return graph.node("Mul", x, graph.node("Sigmoid", graph.node("Mul", x, u)))
    erf = graph.node("Erf", graph.node("Mul", x, np.array(math.sqrt(0.5))))
    return graph.node("Mul", graph.node("Mul", x, np.array(0.5)), graph.node("Add", erf, np.array(1.0)))


@converter(Softmax)
def softmax(graph: Graph, layer: Softmax, x: str) -> str:
    """Softmax over the last axis."""
    return graph.node("Softmax", x, axis=-1)


@converter(LogSoftmax)
def log_softmax(graph: Graph, layer: LogSoftmax, x: str) -> str:
    """Its logarithm."""
    return graph.node("LogSoftmax", x, axis=-1)
