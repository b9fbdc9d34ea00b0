"""A network as part of an ONNX graph, and by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from base.base_model import BaseModel
from base.errors import UserError
from base.types import Array
from model.export import activations, normalization, pooling, products, structure  # noqa: F401 - they register
from model.export.converters import convert
from model.export.graph import Graph
from model.export.values import ML, Value, value_infos

if TYPE_CHECKING:
    from onnx import ModelProto

OPSETS, IR_VERSION = {"": 17, ML: 3}, 8  # of 2022: what reads ONNX today reads these
_INPUT, _OUTPUT = "input", "output"
_CLOSE = 1e-3  # a share of the largest value: a wrong formula is farther off, rounding is not


def append_network(graph: Graph, model: BaseModel, x: str) -> str:
    """Append a built model to a graph, and return the name of its output. Raises UserError for what has no converter.

    `x` is the name of a batch of inputs in the type of the graph.
    """
    kind = type(model)
    if kind.forward is not BaseModel.forward:
        raise UserError(
            f"arch: {kind.__name__} has a forward of its own, which cannot be converted to ONNX; let its network() "
            "return the layers, joined by containers such as Sequential and Residual"
        )
    return convert(graph, model.root, x)


def checked_model(graph: Graph, name: str, inputs: Sequence[Value], outputs: Sequence[Value]) -> ModelProto:
    """The graph as a model, whose types and shapes ONNX's own checker found to be right."""
    from onnx import checker, helper

    nodes, constants = graph.parts(value.name for value in outputs)
    domains = sorted({"", *(node.domain for node in nodes)})
    made = helper.make_model(
        helper.make_graph(nodes, name, value_infos(inputs), value_infos(outputs), constants),
        opset_imports=[helper.make_opsetid(domain, OPSETS[domain]) for domain in domains],
        ir_version=IR_VERSION,
        producer_name="numpy-template",
    )
    checker.check_model(made, full_check=True)
    return made


def network_model(model: BaseModel, dtype: np.dtype, inner: str | None = None) -> ModelProto:
    """The network alone, from "input" to "output", which may be that of an inner layer."""
    graph = Graph(dtype, [_INPUT, _OUTPUT])
    y, shape = append_network(graph, model, _INPUT), model.output_shape
    if inner is not None:
        y, shape = graph.layers[inner], model.output_shapes()[inner]
    graph.node("Identity", y, output=_OUTPUT)
    return checked_model(graph, "network", [Value(_INPUT, dtype, model.input_shape)], [Value(_OUTPUT, dtype, shape)])


def check_outputs(model: BaseModel, dtype: np.dtype) -> None:
    """Raise UserError, naming the layer, where a converter computes something else than its layer, on two samples.

    The model is in evaluation mode.
    """
    x = np.random.default_rng(0).standard_normal((2, *model.input_shape)).astype(model.values.dtype)
    if _agree(model, dtype, x, model.forward(x).copy()):
        return
    wrong = (name for name, _ in model.leaves() if not _agree(model, dtype, x, model.output_of(x, name), name))
    name = next(wrong, type(model).__name__)
    raise UserError(
        f"{name}: the converter to ONNX gives other numbers than forward in evaluation mode; see docs/guides/export.md"
    )


def _agree(model: BaseModel, dtype: np.dtype, x: Array, expected: Array, inner: str | None = None) -> bool:
    from onnx.reference import ReferenceEvaluator

    with np.errstate(all="ignore"):
        evaluator: Any = ReferenceEvaluator(network_model(model, dtype, inner))
        (found,) = evaluator.run(None, {_INPUT: x.astype(dtype)})
        largest = np.abs(expected[np.isfinite(expected)]).max(initial=0)
        return found.shape == expected.shape and np.allclose(
            found, expected, rtol=_CLOSE, atol=_CLOSE * largest, equal_nan=True
        )
