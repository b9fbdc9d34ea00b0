"""Compiled activations are what NumPy defines, and right where numbers are large or small."""

from collections.abc import Callable

import numpy as np
import pytest

from base.types import Array
from ops.ops import Ops
from tests.every_ops import choose_ops, every_ops, needs_numba

Forward = Callable[[Ops, Array, Array], Array]
Gradient = Callable[[Ops, Array, Array, Array, Array], Array]  # of x, y, dL/dy

FORWARD: dict[str, Forward] = {
    "exp": lambda ops, x, out: ops.exp(x, out),
    "log": lambda ops, x, out: ops.log(np.abs(x), out),
    "log1p": lambda ops, x, out: ops.log1p(np.abs(x), out),
    "softplus": lambda ops, x, out: ops.softplus(x, out),
    "relu": lambda ops, x, out: ops.relu(x, out),
    "leaky_relu": lambda ops, x, out: ops.leaky_relu(x, 0.1, out),
    "sigmoid": lambda ops, x, out: ops.sigmoid(x, out),
    "tanh": lambda ops, x, out: ops.tanh(x, out),
    "silu": lambda ops, x, out: ops.silu(x, out),
    "gelu": lambda ops, x, out: ops.gelu(x, "none", out),
    "gelu by tanh": lambda ops, x, out: ops.gelu(x, "tanh", out),
}
GRADIENTS: dict[str, Gradient] = {
    "relu": lambda ops, x, y, dy, out: ops.relu_gradient(y, dy, out),
    "leaky_relu": lambda ops, x, y, dy, out: ops.leaky_relu_gradient(y, dy, 0.1, out),
    "sigmoid": lambda ops, x, y, dy, out: ops.sigmoid_gradient(y, dy, out),
    "tanh": lambda ops, x, y, dy, out: ops.tanh_gradient(y, dy, out),
    "silu": lambda ops, x, y, dy, out: ops.silu_gradient(x, dy, out),
    "gelu": lambda ops, x, y, dy, out: ops.gelu_gradient(x, dy, "none", out),
    "gelu by tanh": lambda ops, x, y, dy, out: ops.gelu_gradient(x, dy, "tanh", out),
}
TOLERANCE = {"float32": {"rtol": 2e-6, "atol": 1e-6}, "float64": {"rtol": 1e-13, "atol": 1e-14}}
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
every_shape = pytest.mark.parametrize("shape", [(1, 1), (3, 5, 7), (4, 16), (2, 33, 3)], ids=str)


def numbers(shape: tuple[int, ...], dtype: str, seed: int) -> Array:
    return (2 * np.random.default_rng(seed).standard_normal(shape)).astype(dtype)


@needs_numba
@every_dtype
@every_shape
@pytest.mark.parametrize("name", FORWARD)
def test_compiled_is_the_formula(name: str, shape: tuple[int, ...], dtype: str) -> None:
    x = numbers(shape, dtype, 1)
    found, expected = (FORWARD[name](choose_ops(kind), x, np.empty_like(x)) for kind in ("compiled", "numpy"))
    assert found.dtype == expected.dtype == x.dtype
    np.testing.assert_allclose(found, expected, **TOLERANCE[dtype])


@needs_numba
@every_dtype
@every_shape
@pytest.mark.parametrize("name", GRADIENTS)
def test_compiled_gradient_is_the_formula(name: str, shape: tuple[int, ...], dtype: str) -> None:
    x, dy = numbers(shape, dtype, 1), numbers(shape, dtype, 2)
    y = FORWARD[name](choose_ops("numpy"), x, np.empty_like(x))
    found, expected = (GRADIENTS[name](choose_ops(kind), x, y, dy, np.empty_like(x)) for kind in ("compiled", "numpy"))
    np.testing.assert_allclose(found, expected, **TOLERANCE[dtype])


@every_ops
@every_dtype
@pytest.mark.parametrize("name", ["silu", "gelu", "gelu by tanh"])
def test_gates_are_0_and_1_far_from_0(name: str, dtype: str, ops: str) -> None:
    x = np.array([-1e30, -1e4, -100.0, 0.0, 100.0, 1e4, 1e30], dtype)
    y = FORWARD[name](choose_ops(ops), x, np.empty_like(x))
    np.testing.assert_allclose(y, np.maximum(x, 0), atol=1e-40)
    dx = GRADIENTS[name](choose_ops(ops), x, y, np.ones_like(x), np.empty_like(x))
    np.testing.assert_allclose(dx, [0, 0, 0, 0.5, 1, 1, 1], atol=1e-40)


@every_ops
@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
def test_what_is_not_a_number_stays_so(name: str, ops: str) -> None:
    assert np.isnan(FORWARD[name](choose_ops(ops), np.array([np.nan]), np.empty(1))).all()


@needs_numba
def test_inputs_may_have_gaps() -> None:
    x = numbers((4, 10), "float64", 1)[:, ::2]
    found = choose_ops("compiled").tanh(x, np.empty(x.shape))
    np.testing.assert_allclose(found, np.tanh(x), rtol=1e-15)


@needs_numba
def test_outputs_may_not() -> None:
    with pytest.raises(ValueError, match="C-ordered"):
        choose_ops("compiled").tanh(np.zeros((4, 5)), np.empty((4, 10))[:, ::2])
