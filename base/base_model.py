"""A network: a tree of layers over one vector of parameters."""

import copy
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np

from base.base_layer import BaseLayer, RandomContext
from base.buffer import Buffer
from base.parameter import Parameter
from base.random_streams import RandomStreams
from base.shared_memory import shared_zeros
from base.state import State, load_arrays
from base.types import Array, Shape
from ops.ops import Ops

Stored = TypeVar("Stored", Parameter, Buffer)


class BaseModel(ABC):
    """A network that a config can name; a subclass defines its layers.

    `values` is a flat vector of all parameters, and `grads` of their gradients; `buffers` is a flat vector of all
    buffers, and `next_buffers` of their values after the batch (base/buffer.py). Layers have named views of them.
    """

    def __init__(self) -> None:
        self.root: BaseLayer
        self.ops = Ops()
        self.input_shape: Shape
        self.output_shape: Shape
        self.values: Array
        self.grads: Array
        self.buffers: Array
        self.next_buffers: Array

    @abstractmethod
    def network(self) -> BaseLayer:
        """The layers, not yet built, joined to one by a container such as Sequential."""

    def build(self, input_shape: Shape, streams: RandomStreams, dtype: str = "float32", ops: Ops | None = None) -> None:
        """Allocate the parameters for samples of this shape and initialise them; layers compute with `ops`.

        Raises ValueError, naming the layer, where a layer does not fit what comes before it.
        """
        self.connect(input_shape)
        self.ops = ops or self.ops
        for _, layer in self.named_layers():
            layer.ops = self.ops
        self.values = shared_zeros(_size(self.named_parameters()), dtype)
        self.buffers = shared_zeros(_size(self.named_buffers()), dtype)
        self._bind()
        for _, buffer in self.named_buffers():
            buffer.value[...] = buffer.initial
        for name, parameter in self.named_parameters():
            try:
                with np.errstate(over="ignore"):  # which is told of below
                    parameter.value = parameter.initializer.sample(parameter.shape, streams.generator(f"init/{name}"))
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
            if not np.isfinite(parameter.value).all():
                raise ValueError(f"{name}: {type(parameter.initializer).__name__} gives numbers too large for {dtype}")

    def connect(self, input_shape: Shape) -> None:
        """Determine the shapes of parameters and outputs without allocating any. Raises ValueError as `build` does."""
        self.root = self.network()
        self.input_shape = input_shape
        self.output_shape = self.root.connect(input_shape)
        self.root.needs_input_gradient = False
        for name, layer in self.named_layers():
            layer.name = name

    def replica(self, context: RandomContext) -> "BaseModel":
        """A copy that shares the values of parameters and buffers, and has gradients and activations of its own."""
        if any(layer.training is False for _, layer in self.named_layers()):
            raise RuntimeError("replicas are made of a model in training mode")
        twin = copy.copy(self)
        twin.root = copy.deepcopy(self.root)
        twin._bind()
        for _, layer in twin.named_layers():
            layer.random_context = context
        return twin

    def forward(self, x: Array) -> Array:
        """The network's output for a batch."""
        return self.root.forward(x)

    def backward(self, dy: Array) -> Array | None:
        """Backpropagate `dy`, the loss's gradient with respect to the last output; gradients are overwritten."""
        return self.root.backward(dy)

    def train(self, mode: bool = True) -> None:
        """Set training mode, or evaluation mode, for layers that differ in them, such as Dropout."""
        for _, layer in self.named_layers():
            layer.training = mode

    def eval(self) -> None:
        """Set evaluation mode."""
        self.train(False)

    def named_layers(self) -> Iterator[tuple[str, BaseLayer]]:
        """Every layer below the root with its path, such as ("linear1", ...), in the order of the tree."""
        return _walk(self.root, "")

    def leaves(self) -> list[tuple[str, BaseLayer]]:
        """The layers that contain no others."""
        return [(name, layer) for name, layer in self.named_layers() if not layer.children]

    def output_shapes(self) -> dict[str, Shape]:
        """The output shape of each layer for one sample, by path."""
        return {name: layer.output_shape or () for name, layer in self.named_layers()}

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every parameter with its path, such as ("linear1.weight", ...), in the order of the vector."""
        for path, layer in self.named_layers():
            for name, parameter in layer.parameters.items():
                yield f"{path}.{name}", parameter

    def named_buffers(self) -> Iterator[tuple[str, Buffer]]:
        """Every buffer with its path, such as ("batchnorm1.running_mean", ...), in the order of the vector."""
        for path, layer in self.named_layers():
            for name, buffer in layer.buffers.items():
                yield f"{path}.{name}", buffer

    def parameter_ranges(self) -> dict[str, slice]:
        """The slice of the vector that each parameter takes, by name."""
        return {name: part for name, _, part in _layout(self.named_parameters())}

    def weight_ranges(self) -> list[slice]:
        """The slices of the vector that penalties apply to."""
        return [part for _, parameter, part in _layout(self.named_parameters()) if parameter.is_weight]

    def named_views(self, vector: Array) -> dict[str, Array]:
        """A vector laid out like `values`, such as an optimizer's momentum, as named arrays (views)."""
        return {name: vector[part].reshape(held.shape) for name, held, part in _layout(self.named_parameters())}

    def buffer_views(self, vector: Array | None = None) -> dict[str, Array]:
        """A vector laid out like `buffers`, by default these themselves, as named arrays (views)."""
        held = self.buffers if vector is None else vector
        return {name: held[part].reshape(buffer.shape) for name, buffer, part in _layout(self.named_buffers())}

    def state_dict(self) -> State:
        """Parameters and buffers by name (views)."""
        return {"model": self.named_views(self.values), "buffer": self.buffer_views()}

    def load_state_dict(self, state: State) -> None:
        """Copy parameters and buffers. Raises CheckpointError, listing each difference, where they do not fit."""
        load_arrays(self.state_dict(), state)

    def output_of(self, x: Array, layer_name: str) -> Array:
        """The output of the named layer for a batch (a copy)."""
        layer = dict(self.named_layers()).get(layer_name)
        if layer is None:
            raise KeyError(layer_name)
        kept: list[Array] = []
        forward = layer.forward

        def keep(inputs: Array) -> Array:
            output = forward(inputs)
            kept.append(output.copy())
            return output

        layer.__dict__["forward"] = keep  # shadows the method on this one instance
        try:
            self.forward(x)
        finally:
            del layer.__dict__["forward"]
        return kept[0]

    def _bind(self) -> None:
        self.grads = shared_zeros(len(self.values), self.values.dtype)
        self.next_buffers = shared_zeros(len(self.buffers), self.values.dtype)
        for _, parameter, part in _layout(self.named_parameters()):
            parameter.bind(self.values[part].reshape(parameter.shape), self.grads[part].reshape(parameter.shape))
        for _, buffer, part in _layout(self.named_buffers()):
            buffer.bind(self.buffers[part].reshape(buffer.shape), self.next_buffers[part].reshape(buffer.shape))


def _size(held: Iterable[tuple[str, Stored]]) -> int:
    return sum(math.prod(item.shape) for _, item in held)


def _layout(held: Iterable[tuple[str, Stored]]) -> Iterator[tuple[str, Stored, slice]]:
    start = 0
    for name, item in held:
        size = math.prod(item.shape)
        yield name, item, slice(start, start + size)
        start += size


def _walk(layer: BaseLayer, prefix: str) -> Iterator[tuple[str, BaseLayer]]:
    if not prefix and (layer.parameters or not layer.children):
        prefix = type(layer).__name__.lower()
        yield prefix, layer
    for name, child in layer.children.items():
        path = f"{prefix}.{name}" if prefix else name
        yield path, child
        yield from _walk(child, path)
