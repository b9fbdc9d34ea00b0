"""Every optimizer goes where PyTorch's goes, reaches minima, and treats each number by itself."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from base.base_optimizer import BaseOptimizer
from base.types import Array
from ops.ops import Ops
from tests.cases.optimizers import CASES, OptimizerCase
from tests.every_ops import OPS, choose_ops
from tests.reference.problem import START, STEPS, gradient, large_gradient
from tests.reference.stored import stored

every_optimizer = pytest.mark.parametrize("case", CASES, ids=str)
pytestmark = pytest.mark.usefixtures("_ops")
_chosen: list[Ops] = [Ops()]


@pytest.fixture(params=OPS)
def _ops(request: pytest.FixtureRequest) -> None:
    """Every test of this file is run with both versions of the operations."""
    _chosen[0] = choose_ops(request.param)


def made(case: OptimizerCase) -> BaseOptimizer:
    """The case's optimizer with the operations of the test."""
    optimizer = case.make()
    optimizer.ops = _chosen[0]
    return optimizer


def parabola(x: Array) -> Array:
    """The gradient of 10 (x - 1)^2, with its minimum where Rosenbrock's is."""
    return 20 * (x - 1)


def rosenbrock(x: Array) -> Array:
    """The gradient of (1 - x)^2 + 100 (y - x^2)^2."""
    valley = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * valley, 200 * valley])


def path(
    case: OptimizerCase, start: Array, slope: Callable[[Array], Array], steps: int, cuts: tuple[int, ...] = ()
) -> Array:
    """Where the parameters are after each step, the vector being updated in pieces cut at these places."""
    optimizer, values = made(case), start.copy()
    optimizer.bind(values, {"x": slice(0, len(values))})
    bounds = (0, *cuts, len(values))
    visited = []
    for _ in range(steps):
        grads, scratch = slope(values), np.full_like(values, np.nan)
        optimizer.begin(optimizer.lr)
        for first, last in pairwise(bounds):
            optimizer.step(slice(first, last), values, grads, scratch)
        visited.append(values.copy())
    return np.stack(visited)


@pytest.mark.parametrize("case", [case for case in CASES if case.in_torch], ids=str)
def test_fifty_steps_are_those_of_torch(case: OptimizerCase) -> None:
    found = path(case, START, gradient, STEPS)
    np.testing.assert_allclose(found, stored("optimizers", case)["path"], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", [case for case in CASES if case.in_torch], ids=str)
def test_a_gradient_whose_square_overflows_is_got_over_as_torch_does(case: OptimizerCase) -> None:
    steps = iter(range(STEPS))
    with np.errstate(over="ignore"):
        found = path(case, START.astype(np.float32), lambda _: large_gradient(next(steps)), STEPS)
    np.testing.assert_allclose(found, stored("large_gradients", case)["path"], rtol=1e-3, atol=1e-4)


MINIMA = [(case, parabola) for case in CASES] + [(case, rosenbrock) for case in CASES if case.crosses_valley]


@pytest.mark.parametrize(("case", "slope"), MINIMA, ids=lambda value: getattr(value, "__name__", str(value)))
def test_the_minimum_is_reached(case: OptimizerCase, slope: Callable[[Array], Array]) -> None:
    end = path(case, np.array([0.0, 0.5]), slope, steps=5000)[-1]
    np.testing.assert_allclose(end, [1.0, 1.0], atol=0.15)


@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_cutting_the_vector_anywhere_gives_the_same_bits(case: OptimizerCase, dtype: str) -> None:
    start = np.random.default_rng(6).standard_normal(37).astype(dtype)
    whole = path(case, start, np.sin, steps=5)
    assert whole.dtype == dtype
    for cuts in ((18,), (1, 2, 36), (5, 9, 23)):
        np.testing.assert_array_equal(path(case, start, np.sin, 5, cuts), whole)


@every_optimizer
def test_a_step_uses_the_learning_rate_it_begins_with(case: OptimizerCase) -> None:
    optimizer, values = made(case), np.array([1.0, -2.0])
    optimizer.bind(values, {"x": slice(0, len(values))})
    optimizer.begin(lr=1e-300)
    optimizer.step(slice(0, 2), values, np.array([3.0, 4.0]), np.empty(2))
    np.testing.assert_array_equal(values, [1.0, -2.0])
    assert optimizer.lr == 1e-300


@every_optimizer
def test_state_is_all_there_is_to_carry_over(case: OptimizerCase) -> None:
    straight = path(case, START, gradient, steps=8)
    first, second = made(case), made(case)
    values = START.copy()
    first.bind(values, {"x": slice(0, len(values))})
    second.bind(values, {"x": slice(0, len(values))})
    for number in range(8):
        optimizer = first if number < 4 else second
        if number == 4:
            second.steps = first.steps
            for slot in first.slots:
                second.state[slot][...] = first.state[slot]
        optimizer.begin(optimizer.lr)
        optimizer.step(slice(0, 4), values, gradient(values), np.empty(4))
    np.testing.assert_array_equal(values, straight[-1])


@every_optimizer
def test_state_is_one_vector_a_slot(case: OptimizerCase) -> None:
    optimizer = made(case)
    optimizer.bind(np.ones(5, np.float32), {"x": slice(0, 5)})
    assert set(optimizer.state) == set(optimizer.slots)
    for slot, vector in optimizer.state.items():
        assert (vector.dtype.name, vector.tolist()) == ("float32", [np.float32(optimizer.slots[slot])] * 5)
