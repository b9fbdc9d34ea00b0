"""Every layer keeps the contract of BaseLayer, and computes what its formula says."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.types import Array, Shape
from ops.ops import Ops
from tests.cases.case import Case
from tests.cases.layers import CASES, MISFITS, LayerCase
from tests.every_ops import OPS, choose_ops
from tests.gradient_check import check_model
from tests.one_layer import batch
from tests.one_layer import built as built_with
from tests.reference.stored import stored

every_layer = pytest.mark.parametrize("case", CASES, ids=str)
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


pytestmark = pytest.mark.usefixtures("_ops")
_chosen: list[Ops] = [Ops()]


@pytest.fixture(params=OPS)
def _ops(request: pytest.FixtureRequest) -> None:
    """Every test of this file is run with both versions of the operations."""
    _chosen[0] = choose_ops(request.param)


def built(layer: BaseLayer, input_shape: Shape, dtype: str = "float64") -> BaseModel:
    """The layer in a model that computes with the chosen operations."""
    return built_with(layer, input_shape, dtype, _chosen[0])


def run(case: LayerCase, x: Array) -> list[Array]:
    """Output and gradients of a newly made layer."""
    model = built(case.make(), case.input_shape)
    model.root.needs_input_gradient = True
    output = model.forward(x).copy()
    return [output, np.asarray(model.backward(np.cos(output))).copy(), model.grads]


@every_layer
def test_the_output_has_the_shape_that_build_promises(case: LayerCase) -> None:
    model = built(case.make(), case.input_shape)
    assert model.output_shape == model.root.output_shape == case.output_shape
    assert model.forward(batch(3, case.input_shape)).shape == (3, *case.output_shape)


@every_layer
@pytest.mark.parametrize("count", [1, 3])
def test_gradients_are_those_of_finite_differences(case: LayerCase, count: int) -> None:
    check_model(built(case.make(), case.input_shape), batch(count, case.input_shape))


@every_layer
def test_gradients_are_right_when_scored_too(case: LayerCase) -> None:
    model = built(case.make(), case.input_shape)
    model.eval()
    check_model(model, batch(2, case.input_shape))


@every_layer
@every_dtype
def test_the_type_of_numbers_is_kept_forth_and_back(case: LayerCase, dtype: str) -> None:
    model = built(case.make(), case.input_shape, dtype)
    model.root.needs_input_gradient = True
    output = model.forward(batch(3, case.input_shape, dtype))
    gradient = model.backward(np.ones_like(output))
    assert gradient is not None
    assert {output.dtype.name, gradient.dtype.name, model.grads.dtype.name} == {dtype}


@every_layer
def test_a_smaller_batch_after_a_larger_one_gives_what_it_gives_alone(case: LayerCase) -> None:
    model = built(case.make(), case.input_shape)
    model.root.needs_input_gradient = True
    large = batch(6, case.input_shape)
    model.backward(np.cos(model.forward(large)))
    small = large[:2]
    output = model.forward(small).copy()
    found = [output, model.backward(np.cos(output)), model.grads]
    for after, alone in zip(found, run(case, small), strict=True):
        np.testing.assert_array_equal(after, alone)


@every_layer
def test_a_larger_batch_after_a_smaller_one_gives_what_it_gives_alone(case: LayerCase) -> None:
    model = built(case.make(), case.input_shape)
    large = batch(6, case.input_shape)
    model.forward(large[:2])
    np.testing.assert_array_equal(model.forward(large), run(case, large)[0])


@every_layer
def test_repeating_forward_and_backward_gives_the_same_bits_and_adds_nothing_up(case: LayerCase) -> None:
    model = built(case.make(), case.input_shape)
    model.root.needs_input_gradient = True
    x = batch(3, case.input_shape)
    for _ in range(3):
        output = model.forward(x).copy()
        found = [output, model.backward(np.cos(output)), model.grads]
        for again, first in zip(found, run(case, x), strict=True):
            np.testing.assert_array_equal(again, first)


@every_layer
def test_nothing_that_a_layer_is_given_or_has_given_is_changed_by_it(case: LayerCase) -> None:
    model = built(case.make(), case.input_shape)
    model.root.needs_input_gradient = True
    x = batch(3, case.input_shape)
    output = model.forward(x)
    above = np.cos(output)
    lent = [x, output, above, model.values]
    before = [array.copy() for array in lent]
    gradient = model.backward(above)
    for now, then in zip(lent, before, strict=True):
        np.testing.assert_array_equal(now, then)
    np.testing.assert_array_equal(x, batch(3, case.input_shape))
    assert not any(np.shares_memory(own, held) for own in (output, gradient) for held in (model.values, model.grads))


@every_layer
def test_an_output_in_the_memory_of_the_input_is_the_input_unchanged(case: LayerCase) -> None:
    x = batch(3, case.input_shape)
    output = built(case.make(), case.input_shape).forward(x)
    if np.shares_memory(output, x):
        assert output.tobytes() == x.tobytes()
    else:
        np.testing.assert_array_equal(x, batch(3, case.input_shape))


@every_layer
def test_samples_see_each_other_only_where_the_row_says_so(case: LayerCase) -> None:
    x = batch(4, case.input_shape)
    together = built(case.make(), case.input_shape).forward(x).copy()
    x[1:] = 7.0
    alone = built(case.make(), case.input_shape).forward(x)[0]
    assert np.allclose(alone, together[0], rtol=1e-12, atol=0) != case.mixes_samples


@pytest.mark.parametrize("case", [case for case in CASES if case.in_torch], ids=str)
def test_values_and_gradients_are_those_of_torch(case: LayerCase) -> None:
    expected = stored("layers", case)
    model = built(case.make(), case.input_shape)
    model.root.needs_input_gradient = True
    for name, parameter in model.root.parameters.items():
        parameter.value = expected[f"value.{name}"]
    close(model.forward(expected["x"]), expected["output"])
    close(model.backward(expected["above"]), expected["input_gradient"])
    for name, parameter in model.root.parameters.items():
        close(parameter.grad, expected[f"grad.{name}"])
    for name, buffer in model.root.buffers.items():
        close(buffer.next, expected[f"buffer.{name}"])


def close(found: Array | None, expected: Array) -> None:
    """Equal but for the last bits."""
    assert found is not None
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("kind", "args", "shape", "words"), MISFITS)
def test_a_layer_that_does_not_fit_says_what_it_needs(
    kind: str, args: dict[str, object], shape: tuple[int, ...], words: str
) -> None:
    layer: BaseLayer = Case(kind, args).built(BaseLayer)
    with pytest.raises(ValueError, match=words):
        layer.connect(shape)
