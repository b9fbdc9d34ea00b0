"""The description of a network that logger/drawing/network.js computes: a tree of plain values, and arrays.

A layer is {"type", "name", "shape"} and what its function there needs; its arrays are named by their paths. That file
and this one know the same types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.errors import UserError
from base.types import Array
from model.layers.activations import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from model.layers.batch_norm import BatchNorm, BatchNorm1D, BatchNorm2D
from model.layers.conv import Conv2D
from model.layers.dropout import Dropout, Dropout2D
from model.layers.gated import GELU, SiLU
from model.layers.layer_norm import LayerNorm
from model.layers.linear import Linear
from model.layers.log_softmax import LogSoftmax
from model.layers.pooling import AvgPool2D, GlobalAvgPool2D, MaxPool2D, Pool2D
from model.layers.residual import BasicBlock, Block, Bottleneck, Residual
from model.layers.sequential import Sequential
from model.layers.shape import Flatten, Reshape
from model.windows import pair

Description = dict[str, Any]
Describer = Callable[[Any], Description]
AnyDescriber = TypeVar("AnyDescriber", bound=Describer)

DESCRIBERS: dict[type[BaseLayer], Describer] = {}


def describer(*kinds: type[BaseLayer]) -> Callable[[AnyDescriber], AnyDescriber]:
    """Make a function tell what these layers' arguments are, and not those of subclasses, which may compute others."""

    def register(function: AnyDescriber) -> AnyDescriber:
        DESCRIBERS.update(dict.fromkeys(kinds, function))
        return function

    return register


def describe(model: BaseModel) -> tuple[Description, dict[str, Array]]:
    """A built network's layers, and its arrays by path. Raises UserError for a layer that cannot be described."""
    if type(model).forward is not BaseModel.forward:
        raise UserError(
            f"arch: {type(model).__name__} has a forward of its own, which a page cannot compute; leave -o out"
        )
    arrays = {name: parameter.value for name, parameter in model.named_parameters()}
    return describe_layer(model.root), arrays | model.buffer_views()


def describe_layer(layer: BaseLayer) -> Description:
    """A layer and those within it. Raises UserError for one that cannot be described."""
    kind = type(layer)
    if kind not in DESCRIBERS:
        known = ", ".join(sorted(one.__name__ for one in DESCRIBERS))
        raise UserError(
            f"{layer.name or 'arch'}: {kind.__name__} is no layer that a page computes, which are {known}; leave -o "
            "out: then Python computes it"
        )
    told = {"type": _type_name(kind), "name": layer.name, "shape": list(layer.output_shape or ())}
    return told | DESCRIBERS[kind](layer)


def _type_name(kind: type[BaseLayer]) -> str:
    """The name of its function: those that compute the same have one."""
    for general in (Block, BatchNorm):
        if issubclass(kind, general):
            return general.__name__
    if kind in (Dropout, Dropout2D):
        return "Identity"
    return "Reshape" if kind is Flatten else kind.__name__


@describer(Identity, Dropout, Dropout2D, Flatten, Reshape, ReLU, Sigmoid, Tanh, SiLU, Softmax, LogSoftmax)
@describer(GlobalAvgPool2D, Linear)
def _no_arguments(layer: BaseLayer) -> Description:
    return {}


@describer(LeakyReLU)
def _leaky_relu(layer: LeakyReLU) -> Description:
    return {"negative_slope": layer.negative_slope}


@describer(GELU)
def _gelu(layer: GELU) -> Description:
    return {"approximate": layer.approximate}


@describer(Conv2D)
def _conv2d(layer: Conv2D) -> Description:
    geometry = layer.geometry
    return {
        "kernel": list(layer.weight.shape),
        "stride": list(geometry.stride),
        "padding": list(geometry.padding),
        "dilation": list(geometry.dilation),
        "groups": geometry.groups,
    }


@describer(MaxPool2D)
def _pool2d(layer: Pool2D) -> Description:
    kernel = pair(layer.kernel_size)
    return {
        "kernel": list(kernel),
        "stride": list(pair(layer.stride or kernel)),
        "padding": list(pair(layer.padding)),
    }


@describer(AvgPool2D)
def _avg_pool2d(layer: AvgPool2D) -> Description:
    return _pool2d(layer) | {"count_include_pad": layer.count_include_pad}


@describer(BatchNorm1D, BatchNorm2D)
def _batch_norm(layer: BatchNorm) -> Description:
    return {"eps": layer.eps}


@describer(LayerNorm)
def _layer_norm(layer: LayerNorm) -> Description:
    return {"eps": layer.eps, "size": layer.size}


@describer(Sequential)
def _sequential(layer: Sequential) -> Description:
    return {"layers": [describe_layer(child) for child in layer.children.values()]}


@describer(Residual, BasicBlock, Bottleneck)
def _block(layer: Block) -> Description:
    return {name: describe_layer(child) for name, child in layer.children.items()}
