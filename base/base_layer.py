"""Layers: forward, and the backward pass written by hand."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from base import scratch
from base.base_initializer import BaseInitializer
from base.buffer import Buffer
from base.errors import defect
from base.parameter import Parameter
from base.random_streams import RandomStreams
from base.types import Array, Shape
from ops.ops import Ops

_FORM = "a tuple of whole numbers of at least 0"
_NATIVE = (np.dtype(np.float32), np.dtype(np.float64))


class RandomContext:
    """The step and the shard, which layers' random numbers depend on beside the seed and the layer's name."""

    def __init__(self, streams: RandomStreams, shard: int) -> None:
        self.streams = streams
        self.shard = shard
        self.step = 0


class BaseLayer(ABC):
    """A differentiable function of an array whose first axis counts samples.

    A layer is made in three stages. Its constructor takes the arguments that a config can give. `build` gets the shape
    of one sample, raises ValueError where it does not fit, and declares parameters. The model then makes these views of
    its flat vectors. `forward` stores on the layer what `backward` needs; this is safe in threads, as every shard has
    a replica of the model of its own.

    Both are given C-ordered arrays of float32 or float64: other orders are copied before, and a TypeError is raised
    for other types.
    """

    ops: Ops = Ops()  # NumPy or compiled operations; a model gives its layers the one of the run

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, given in (("forward", _given_input), ("backward", _given_gradient)):
            if name in vars(cls):
                setattr(cls, name, given(vars(cls)[name]))

    def __init__(self) -> None:
        self.name = ""
        self.input_shape: Shape | None = None
        self.output_shape: Shape | None = None
        self.training = True
        self.needs_input_gradient = True
        self.parameters: dict[str, Parameter] = {}
        self.buffers: dict[str, Buffer] = {}
        self.children: dict[str, BaseLayer] = {}
        self.random_context: RandomContext | None = None

    @abstractmethod
    def build(self, input_shape: Shape) -> Shape:
        """Declare parameters for samples of this shape (without the batch axis) and return the output's shape."""

    @abstractmethod
    def forward(self, x: Array) -> Array:
        """The output for a batch."""

    @abstractmethod
    def backward(self, dy: Array) -> Array | None:
        """Write the gradients of the parameters, and return that of the input.

        `dy` is the gradient of the loss with respect to the last output and must not be changed. Parameter gradients
        are overwritten, not accumulated as in PyTorch. None may be returned when `needs_input_gradient` is false.
        """

    def connect(self, input_shape: Shape) -> Shape:
        """Build the layer for samples of this shape, once, and check the result; containers connect their layers."""
        if "output_shape" not in vars(self):
            raise ValueError(f"the constructor of {type(self).__name__} must call super().__init__() first")
        if self.output_shape is not None:
            raise ValueError("the same layer object stands in two places; make one for each")
        try:
            shape = self.build(input_shape)
        except (ValueError, MemoryError):
            raise
        except Exception as error:  # whatever somebody's layer does wrong
            raise ValueError(f"{type(self).__name__}.build raised {defect(error, type(self))}") from error
        if not _is_shape(shape):
            raise ValueError(f"{type(self).__name__}.build returned {shape!r}; expected the output's shape, {_FORM}")
        self.input_shape, self.output_shape = input_shape, shape
        return shape

    def add_parameter(self, name: str, shape: Shape, initializer: BaseInitializer) -> Parameter:
        """Declare a parameter; to be called from `build`. Raises ValueError for an invalid shape."""
        _expect_shape(name, shape)
        self.parameters[name] = Parameter(shape, initializer)
        return self.parameters[name]

    def add_buffer(self, name: str, shape: Shape, initial: float = 0.0) -> Buffer:
        """Declare a buffer: state that is saved and not trained; to be called from `build`. Raises ValueError."""
        _expect_shape(name, shape)
        self.buffers[name] = Buffer(shape, initial)
        return self.buffers[name]

    def empty(self, shape: Shape, dtype: np.dtype | type) -> Array:
        """An uninitialised array, as np.empty gives, in reused memory where some is free."""
        return scratch.empty(shape, dtype)

    def generator(self) -> np.random.Generator:
        """A generator for the current step and shard; each call returns one that gives the same numbers."""
        if self.random_context is None:
            name = self.name or type(self).__name__
            raise RuntimeError(f"layer {name} draws random numbers but has no random context")
        context = self.random_context
        return context.streams.generator(f"layer/{self.name}", context.step, context.shard)


Method = Callable[[BaseLayer, Array], Any]


def _given_input(method: Method) -> Method:
    @wraps(method)
    def forward(self: BaseLayer, x: Array) -> Any:
        return method(self, _as_native(self, x))

    return forward


def _given_gradient(method: Method) -> Method:
    @wraps(method)
    def backward(self: BaseLayer, dy: Array) -> Any:
        return method(self, _as_native(self, dy))

    return backward


def _as_native(layer: BaseLayer, array: Array) -> Array:
    """The array itself, or a copy of one in another order of axes or bytes. Raises TypeError for other numbers."""
    flags = array.flags
    if array.dtype in _NATIVE and flags.c_contiguous and flags.aligned:
        return array
    native = array.dtype.newbyteorder("=")
    if native not in _NATIVE:
        raise TypeError(
            f"{type(layer).__name__} computes with float32 or float64, got {array.dtype}; convert what it is given, "
            'such as with x.astype("float32")'
        )
    return np.array(array, native, order="C")


def _expect_shape(name: str, shape: Shape) -> None:
    if not _is_shape(shape):
        raise ValueError(f"{name!r} cannot have the shape {shape!r}; expected {_FORM}")


def _is_shape(shape: object) -> bool:
    return isinstance(shape, tuple) and all(isinstance(side, int | np.integer) and side >= 0 for side in shape)
