"""Every layer and architecture computes in ONNX what it computes here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.errors import UserError
from base.types import Array, Shape
from model.export.converters import converter
from model.export.graph import Graph
from model.export.network import check_outputs, network_model
from model.layers.activations import ReLU
from model.layers.sequential import Sequential
from tests.cases import architectures, layers
from tests.one_layer import OneLayer, batch, replica

onnx = pytest.importorskip("onnx")
pytestmark = pytest.mark.onnx

CASES = [
    *(pytest.param(case.make, case.input_shape, id=str(case)) for case in layers.CASES),
    *(pytest.param(case.make, case.input_shape, id=str(case)) for case in architectures.CASES),
]


def scored(made: BaseLayer | BaseModel, shape: Shape, dtype: str) -> BaseModel:
    """A model in evaluation mode, parameters and buffers of which are all different."""
    model = replica(OneLayer(made) if isinstance(made, BaseLayer) else made, shape, dtype)
    model.buffers[...] = np.random.default_rng(3).uniform(0.5, 2, len(model.buffers))
    model.eval()
    return model


def exported(model: BaseModel, dtype: str) -> Any:
    """The network alone as an ONNX model, which ONNX's own check took."""
    return network_model(model, np.dtype(dtype))


def reference(made: Any) -> Any:
    """ONNX's reference evaluator, whose own Erf computes in float32 whatever it is given."""
    from onnx.reference import ReferenceEvaluator
    from onnx.reference.op_run import OpRun
    from scipy.special import erf

    class Erf(OpRun):  # type: ignore[misc]
        def _run(self, x: Array) -> tuple[Array]:
            return (erf(x),)

    return ReferenceEvaluator(made, new_ops=[Erf])


def distance(found: Array, expected: Array) -> float:
    """The largest difference, as a part of the largest value."""
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize(("make", "shape"), CASES)
def test_in_float32_onnxruntime_gives_the_same(make: Any, shape: Shape) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    model = scored(make(), shape, "float32")
    session = onnxruntime.InferenceSession(exported(model, "float32").SerializeToString())
    for count in (1, 5):
        x = batch(count, shape, "float32")
        (found,) = session.run(None, {"input": x})
        assert distance(found, model.forward(x)) < 1e-5


@pytest.mark.parametrize(("make", "shape"), CASES)
def test_in_float64_the_reference_evaluator_gives_the_same(make: Any, shape: Shape) -> None:
    model = scored(make(), shape, "float64")
    evaluator = reference(exported(model, "float64"))
    for count in (1, 3):
        x = batch(count, shape)
        (found,) = evaluator.run(None, {"input": x})
        assert distance(found, model.forward(x)) < 1e-12


class Twice(ReLU):
    """2 x: a layer of somebody's own, derived from one that can be converted."""

    def forward(self, x: Array) -> Array:
        return 2 * x


class WithForward(OneLayer):
    """A model that does more than its layers."""

    def forward(self, x: Array) -> Array:
        return super().forward(x) + 1


def test_a_layer_without_a_converter_is_named_and_what_to_do_too() -> None:
    with pytest.raises(UserError, match=r"^twice: Twice has no converter to ONNX; write one in .*@converter\(Twice\)"):
        exported(scored(Twice(), (3,), "float32"), "float32")


def test_a_model_with_a_forward_of_its_own_is_refused() -> None:
    with pytest.raises(UserError, match="arch: WithForward has a forward of its own"):
        exported(scored(WithForward(ReLU()), (3,), "float32"), "float32")


def test_a_layer_of_somebodys_own_is_converted_by_the_function_that_is_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("model.export.converters._CONVERTERS", dict(converters()))

    @converter(Twice)
    def twice(graph: Graph, layer: Twice, x: str) -> str:
        return graph.node("Mul", x, np.array(2.0))

    model = scored(Twice(), (3,), "float64")
    (found,) = reference(exported(model, "float64")).run(None, {"input": batch(2, (3,))})
    assert distance(found, model.forward(batch(2, (3,)))) == 0
    check_outputs(model, np.dtype("float64"))


def test_a_converter_that_computes_something_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.export.converters._CONVERTERS", dict(converters()))

    @converter(Twice)
    def thrice(graph: Graph, layer: Twice, x: str) -> str:
        return graph.node("Mul", x, np.array(3.0))

    model = scored(Sequential([ReLU(), Twice(), ReLU()]), (3,), "float32")
    with pytest.raises(UserError, match=r"^twice1: the converter to ONNX gives other numbers than forward"):
        check_outputs(model, np.dtype("float32"))


def converters() -> dict[type[BaseLayer], Any]:
    """Those that there are."""
    from model.export.converters import _CONVERTERS

    return _CONVERTERS


def test_images_are_transposed_once_and_back_once() -> None:
    case = next(case for case in architectures.CASES if case.kind == "ResNet")
    nodes = exported(scored(case.make(), case.input_shape, "float32"), "float32").graph.node
    assert [node.op_type for node in nodes].count("Transpose") == 2
