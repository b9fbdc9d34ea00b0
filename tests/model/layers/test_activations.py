"""Activations far from 0, and at their kinks."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.types import Array
from model.layers.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from tests.every_ops import choose_ops, every_ops
from tests.one_layer import built

EXTREME = np.array([[-1e30, -1e4, -50.0, 0.0, 50.0, 1e4, 1e30]])


def outputs_and_gradients(layer: BaseLayer, x: Array, dtype: str) -> tuple[Array, Array]:
    model = built(layer, x.shape[1:], dtype)
    model.root.needs_input_gradient = True
    output = model.forward(x.astype(dtype))
    return output, np.asarray(model.backward(np.ones_like(output)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("layer", [ReLU, LeakyReLU, Sigmoid, Tanh, Softmax])
def test_inputs_of_any_size_overflow_nowhere(layer: type[BaseLayer], dtype: str) -> None:
    output, gradient = outputs_and_gradients(layer(), EXTREME, dtype)
    assert np.isfinite(output).all()
    assert np.isfinite(gradient).all()


def test_sigmoid_and_tanh_reach_their_limits() -> None:
    assert outputs_and_gradients(Sigmoid(), EXTREME, "float64")[0][0, [0, 3, 6]].tolist() == [0.0, 0.5, 1.0]
    assert outputs_and_gradients(Tanh(), EXTREME, "float64")[0][0, [0, 3, 6]].tolist() == [-1.0, 0.0, 1.0]


@every_ops
@pytest.mark.parametrize(
    ("dtype", "lowest", "tolerance"), [("float32", -87.3, 1e-6), ("float64", -708.0, 1e-14)], ids=["float32", "float64"]
)
def test_sigmoid_keeps_its_digits_as_far_down_as_there_are_any(
    dtype: str, lowest: float, tolerance: float, ops: str
) -> None:
    x = np.linspace(lowest, 0, 5001).astype(dtype)
    exact = 1 / (1 + np.exp(-x.astype(np.longdouble)))
    found = choose_ops(ops).sigmoid(x, np.empty_like(x))
    np.testing.assert_allclose(found.astype(np.longdouble), exact, rtol=tolerance)


@every_ops
def test_below_normal_numbers_sigmoid_is_within_two_steps_of_them(ops: str) -> None:
    x = np.linspace(-104.5, -87.3, 5001).astype(np.float32)
    found, exact = choose_ops(ops).sigmoid(x, np.empty_like(x)), np.exp(x.astype(np.float64))
    assert np.abs(found - exact).max() < 2 * np.finfo(np.float32).smallest_subnormal


def test_softmax_of_equal_inputs_is_uniform_however_large_they_are() -> None:
    output, _ = outputs_and_gradients(Softmax(), np.full((2, 4), 1e30), "float32")
    assert output.tolist() == [[0.25] * 4] * 2


def test_softmax_of_a_sample_does_not_vanish_beside_a_larger_sample() -> None:
    output, _ = outputs_and_gradients(Softmax(), np.array([[0.0, 0.0], [1e4, 1e4]]), "float64")
    assert output.tolist() == [[0.5, 0.5]] * 2


def test_the_derivative_at_the_kink_is_the_one_on_the_left() -> None:
    assert outputs_and_gradients(ReLU(), np.zeros((1, 1)), "float64")[1].item() == 0.0
    assert outputs_and_gradients(LeakyReLU(0.25), np.zeros((1, 1)), "float64")[1].item() == 0.25
