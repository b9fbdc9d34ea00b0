"""Compiled softmax and cross-entropy are what NumPy defines."""

import numpy as np
import pytest

from base.types import Array
from tests.every_ops import choose_ops, every_ops, needs_numba

TOLERANCE = {"float32": {"rtol": 2e-6, "atol": 1e-6}, "float64": {"rtol": 4e-15, "atol": 2e-15}}
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
every_shape = pytest.mark.parametrize("shape", [(1, 1), (3, 2), (5, 10), (64, 16), (7, 17), (2, 100)], ids=str)


def numbers(shape: tuple[int, ...], dtype: str, seed: int) -> Array:
    return (2 * np.random.default_rng(seed).standard_normal(shape)).astype(dtype)


@needs_numba
@every_dtype
@every_shape
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_compiled_is_the_formula(name: str, shape: tuple[int, ...], dtype: str) -> None:
    x, dy = numbers((2, *shape), dtype, 1), numbers((2, *shape), dtype, 2)
    y = getattr(choose_ops("numpy"), name)(x, np.empty_like(x))
    dx = getattr(choose_ops("numpy"), f"{name}_gradient")(y, dy, np.empty_like(x))
    compiled = choose_ops("compiled")
    np.testing.assert_allclose(getattr(compiled, name)(x, np.empty_like(x)), y, **TOLERANCE[dtype])
    found = getattr(compiled, f"{name}_gradient")(y, dy, np.empty_like(x))
    np.testing.assert_allclose(found, dx, rtol=TOLERANCE[dtype]["rtol"], atol=10 * TOLERANCE[dtype]["atol"])


@needs_numba
@every_dtype
@every_shape
@pytest.mark.parametrize("soft", [False, True])
def test_compiled_cross_entropy_is_the_formula(shape: tuple[int, int], dtype: str, soft: bool) -> None:
    z, random = numbers(shape, dtype, 1), np.random.default_rng(3)
    name = "soft_cross_entropy" if soft else "cross_entropy"
    targets = random.random(shape).astype(dtype) if soft else random.integers(0, shape[1], len(z))
    losses, gradients = [], []
    for kind in ("compiled", "numpy"):
        gradients.append(np.empty_like(z))
        losses.append(getattr(choose_ops(kind), name)(z, targets, 1.5 * len(z), gradients[-1]))
    assert {type(loss) for loss in losses} == {float}
    np.testing.assert_allclose(losses[0], losses[1], **TOLERANCE[dtype])
    np.testing.assert_allclose(gradients[0], gradients[1], **TOLERANCE[dtype])


@every_ops
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_gradients_are_those_of_finite_differences(name: str, ops: str) -> None:
    forward = getattr(choose_ops(ops), name)
    x, dy = numbers((3, 5), "float64", 1), numbers((3, 5), "float64", 2)
    found = getattr(choose_ops(ops), f"{name}_gradient")(forward(x, np.empty_like(x)), dy, np.empty_like(x))
    for at in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[at] = 1e-5
        up, down = (forward(x + sign * step, np.empty_like(x)) for sign in (1, -1))
        assert found[at] == pytest.approx(np.sum(dy * (up - down)) / 2e-5, rel=1e-6, abs=1e-8)


@every_ops
def test_nothing_overflows(ops: str) -> None:
    z, dz = np.array([[1e4, -1e4], [-1e30, 1e30]], np.float32), np.empty((2, 2), np.float32)
    loss = choose_ops(ops).cross_entropy(z, np.array([0, 1]), 2, dz)
    assert loss == 0
    np.testing.assert_array_equal(dz, 0)


@every_ops
@pytest.mark.parametrize("target", [3, -1])
def test_a_target_that_is_no_class_is_refused(ops: str, target: int) -> None:
    z = np.zeros((2, 3))
    with pytest.raises(IndexError):
        choose_ops(ops).cross_entropy(z, np.array([0, target]), 2, np.empty_like(z))
