"""An ONNX graph that grows node by node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from base.types import Array

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

_POINTWISE = ("Add", "Relu", "Sigmoid", "Tanh")  # of numbers in the same places, wherever channels stand
_TO_CHANNELS_FIRST, _TO_CHANNELS_LAST = (0, 3, 1, 2), (0, 2, 3, 1)


class Graph:
    """Nodes and constants of an ONNX graph, each value of which has a name.

    Numbers that are no whole numbers have the type of the network, `dtype`. `scope` is the path of the layer that is
    being converted; the names of what is made begin with it. `taken` are names that values must not get.
    """

    def __init__(self, dtype: np.dtype | type | str, taken: Iterable[str] = ()) -> None:
        self.dtype = np.dtype(dtype)
        self.scope = ""
        self.layers: dict[str, str] = {}  # the output of each layer that was converted, by path
        self._taken = set(taken)
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}
        self._transposed: dict[str, tuple[str, tuple[int, ...]]] = {}

    def node(self, operator: str, *inputs: str | Array, domain: str = "", output: str = "", **attributes: Any) -> str:
        """Append a node of one output, and return the name of that; inputs are names of values, or arrays.

        Operators are those of ONNX (https://onnx.ai/onnx/operators). A name for the output is made where none is given.
        """
        from onnx import helper

        if operator in _POINTWISE and not output and (undone := self._before_transposition(inputs)):
            sources, order = undone
            return self._transpose(self.node(operator, *sources), order)
        names = [given if isinstance(given, str) else self.constant(given) for given in inputs]
        result = output or self._fresh(operator.lower())
        self._nodes.append(helper.make_node(operator, names, [result], name=result, domain=domain, **attributes))
        return result

    def constant(self, value: Array | Sequence[str], name: str = "constant") -> str:
        """A constant, floats in the network's type; its name is the scope's with this one behind it."""

        array = np.asarray(value)
        if array.dtype.kind == "f":
            array = array.astype(self.dtype)
        elif array.dtype.kind == "U":
            array = array.astype(object)
        return self.exact(array, name)

    def exact(self, array: Array, name: str = "constant") -> str:
        """A constant in the type that it has."""
        from onnx import numpy_helper

        made = self._fresh(name)
        self._constants[made] = numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), made)
        return made

    def cast(self, x: str, dtype: np.dtype | type) -> str:
        """The value in another type."""
        from onnx import helper

        return self.node("Cast", x, to=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def channels_first(self, x: str) -> str:
        """Images (N, H, W, C), as layers have them, to (N, C, H, W), as ONNX has them."""
        return self._transpose(x, _TO_CHANNELS_FIRST)

    def channels_last(self, x: str) -> str:
        """Images (N, C, H, W) to (N, H, W, C)."""
        return self._transpose(x, _TO_CHANNELS_LAST)

    def parts(self, outputs: Iterable[str]) -> tuple[list[NodeProto], list[TensorProto]]:
        """The nodes and the constants that these outputs need."""
        needed, nodes = set(outputs), list[Any]()
        for node in reversed(self._nodes):
            if needed & {*node.output}:
                needed |= {*node.input}
                nodes.insert(0, node)
        return nodes, [tensor for name, tensor in self._constants.items() if name in needed]

    def _before_transposition(self, inputs: Sequence[str | Array]) -> tuple[list[str], tuple[int, ...]] | None:
        """The values that these were transposed from, and the order of axes, if all were transposed alike."""
        made = [self._transposed.get(given) for given in inputs if isinstance(given, str)]
        known = [pair for pair in made if pair is not None]
        if len(known) < len(inputs) or len({order for _, order in known}) > 1:
            return None
        return [source for source, _ in known], known[0][1]

    def _transpose(self, x: str, order: tuple[int, ...]) -> str:
        """The transposed value: that which it was transposed from, where the two undo each other."""
        source, before = self._transposed.get(x, ("", ()))
        if [before[axis] for axis in order if before] == [0, 1, 2, 3]:
            return source
        result = self.node("Transpose", x, perm=order)
        self._transposed[result] = (x, order)
        return result

    def _fresh(self, name: str) -> str:
        stem = f"{self.scope}.{name}" if self.scope else name
        names = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(self._taken) + 2))
        fresh = next(name for name in names if name not in self._taken)
        self._taken.add(fresh)
        return fresh
