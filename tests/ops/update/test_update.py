"""Compiled updates give the bits of the NumPy that defines them, and sums have a stated order."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.types import Array
from ops.ops import Ops
from ops.tree_sum import tree_sum
from tests.every_ops import choose_ops, needs_numba

pytestmark = needs_numba
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
every_size = pytest.mark.parametrize("size", [1, 3, 16, 33, 5001])

# Operations that change each number by itself: how many vectors they take (w, g, state), and their other arguments.
ELEMENTWISE: dict[str, list[tuple[int, tuple[Any, ...]]]] = {
    "add_penalty_gradient": [(2, (0.1, 0.2)), (2, (0.1, 0.0)), (2, (0.0, 0.2)), (2, (0.0, 0.0))],
    "scale": [(1, (0.3,))],
    "clip": [(1, (0.3,))],
    "move_average": [(2, (0.9,)), (2, (0.0,))],
    "adagrad": [(3, (0.1, 1e-10, 0.0)), (3, (0.1, 1e-10, 0.1))],
    "adadelta": [(4, (0.1, 0.9, 1e-6, 0.0)), (4, (0.1, 0.9, 1e-6, 0.1))],
    "lion": [(3, (0.1, (0.9, 0.99), 0.0)), (3, (0.1, (0.9, 0.99), 0.1))],
}
CASES = [(name, *case) for name, cases in ELEMENTWISE.items() for case in cases]
RULES: list[tuple[str, int, Callable[..., tuple[Any, ...]]]] = [
    ("sgd", 2, lambda w, g: (w, g, None, 0.1, 0, 0.0, False, 0.1)),
    ("sgd", 3, lambda w, g, v: (w, g, v, 0.1, 0.9, 0.3, False, 0.0)),
    ("sgd", 3, lambda w, g, v: (w, g, v, 0.1, 0.9, 0.0, True, 0.1)),
    ("adam", 4, lambda w, g, m, v: (w, g, m, v, None, 0.1, (0.9, 0.999), (0.1, 0.01), 1e-8, 0.0, False)),
    ("adam", 4, lambda w, g, m, v: (w, g, m, v, None, 0.1, (0.9, 0.999), (0.1, 0.01), 1e-8, 0.1, False)),
    ("adam", 5, lambda w, g, m, v, u: (w, g, m, v, u, 0.1, (0.9, 0.999), (0.1, 0.01), 1e-8, 0.1, True)),
    ("rmsprop", 3, lambda w, g, v: (w, g, v, None, None, 0.1, 0.99, 1e-8, 0.0, 0.1)),
    ("rmsprop", 4, lambda w, g, v, m: (w, g, v, m, None, 0.1, 0.99, 1e-8, 0.0, 0.0)),
    ("rmsprop", 4, lambda w, g, v, u: (w, g, v, None, u, 0.1, 0.99, 1e-8, 0.9, 0.1)),
    ("rmsprop", 5, lambda w, g, v, m, u: (w, g, v, m, u, 0.1, 0.99, 1e-8, 0.9, 0.1)),
]


def vectors(count: int, size: int, dtype: str) -> list[Array]:
    """Numbers of which some are 0; from the fourth vector on none is below 0, as averages of squares are."""
    found = list(np.random.default_rng(5).standard_normal((count, size)).astype(dtype))
    found[-1][::3] = 0
    return [np.abs(vector) if place > 1 else vector for place, vector in enumerate(found)]


def check_bits(count: int, size: int, dtype: str, call: Callable[[Ops, list[Array]], object]) -> None:
    """Both versions leave the same bits in every vector."""
    expected, found = vectors(count, size, dtype), vectors(count, size, dtype)
    call(choose_ops("numpy"), expected)
    call(choose_ops("compiled"), found)
    for ours, numpys in zip(found, expected, strict=True):
        assert ours.tobytes() == numpys.tobytes()


@every_dtype
@every_size
@pytest.mark.parametrize(("name", "count", "arguments"), CASES)
def test_elementwise_operations_give_numpys_bits(
    name: str, count: int, arguments: tuple[Any, ...], size: int, dtype: str
) -> None:
    check_bits(count, size, dtype, lambda ops, held: getattr(ops, name)(*held, *arguments))


@every_dtype
@every_size
@pytest.mark.parametrize(("name", "count", "arranged"), RULES)
def test_rules_give_numpys_bits(
    name: str, count: int, arranged: Callable[..., tuple[Any, ...]], size: int, dtype: str
) -> None:
    check_bits(count, size, dtype, lambda ops, held: getattr(ops, name)(*arranged(*held)))


HUGE = [("adadelta", 4, lambda w, g, v, u: (w, g, v, u, 0.1, 0.9, 1e-6, 0.0)), *RULES]


@every_dtype
@pytest.mark.parametrize(("name", "count", "arranged"), HUGE)
def test_rules_give_numpys_bits_where_squares_overflow(
    name: str, count: int, arranged: Callable[..., tuple[Any, ...]], dtype: str
) -> None:
    def call(ops: Ops, held: list[Array]) -> None:
        held[1] *= 10.0 ** np.linspace(0, np.log10(np.finfo(dtype).max) - 1, 33)
        with np.errstate(all="ignore"):
            getattr(ops, name)(*arranged(*held))
        for vector in held:
            vector[np.isnan(vector)] = np.nan  # of inf - inf, whose sign processors choose

    check_bits(count, 33, dtype, call)


@every_dtype
@every_size
@pytest.mark.parametrize("shards", [1, 2, 3, 4, 5, 7, 8, 11])
def test_shards_are_summed_as_a_tree(shards: int, size: int, dtype: str) -> None:
    for l1, l2 in ((0.0, 0.0), (0.1, 0.2)):
        w, *grads = vectors(shards + 1, size, dtype)
        expected = [grad.copy() for grad in grads]
        square = choose_ops("compiled").sum_shards(grads, w, l1, l2)
        assert square == pytest.approx(choose_ops("numpy").sum_shards(expected, w, l1, l2), rel=1e-13)
        assert grads[0].tobytes() == expected[0].tobytes()


def test_a_machine_can_add_its_subtree_alone() -> None:
    terms = list(np.random.default_rng(1).standard_normal(11) * 10.0 ** np.arange(11))
    assert tree_sum(terms) == tree_sum([tree_sum(terms[:4]), tree_sum(terms[4:8]), tree_sum(terms[8:])])


@every_dtype
@every_size
def test_sums_have_32_lanes(size: int, dtype: str) -> None:
    (x,) = vectors(1, size, dtype)
    for name, terms in (("sum_of_squares", np.square(x, dtype=float)), ("sum_of_magnitudes", np.abs(x).astype(float))):
        padded = np.concatenate([terms, np.zeros(-size % 32)]).reshape(-1, 32)
        lanes = np.add.accumulate(padded)[-1]
        found = getattr(choose_ops("compiled"), name)(x)
        assert found == np.add.accumulate(lanes)[-1]
        assert found == pytest.approx(getattr(choose_ops("numpy"), name)(x), rel=1e-6)


@every_dtype
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_number_that_is_not_finite_is_found(bad: float, dtype: str) -> None:
    for size in (1, 16, 33):
        (x,) = vectors(1, size, dtype)
        x[0] = np.finfo(dtype).max
        assert choose_ops("compiled").all_finite(x)
        for place in (0, size // 2, size - 1):
            params_changed = x.copy()
            params_changed[place] = bad
            assert not choose_ops("compiled").all_finite(params_changed)


@every_dtype
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (784, 16), (3000, 33)])
def test_norms_are_bounded_as_numpy_does(shape: tuple[int, int], dtype: str) -> None:
    weight = np.random.default_rng(2).standard_normal(shape).astype(dtype)
    limit, expected = 0.9 * float(np.sqrt(shape[0])), weight.copy()
    choose_ops("numpy").bound_norms(expected, limit)
    choose_ops("compiled").bound_norms(weight, limit)
    np.testing.assert_allclose(weight, expected, rtol=1e-5 if dtype == "float32" else 1e-12)


def digest() -> str:
    """A digest of what operations with sums give; the rest is held to NumPy's bits."""
    ops, found = choose_ops("compiled"), hashlib.sha256()
    for dtype in ("float32", "float64"):
        for size in (5, 5001):
            w, *grads = vectors(4, size, dtype)
            sums = [ops.sum_shards(grads, w, 0.1, 0.2), ops.sum_of_squares(w), ops.sum_of_magnitudes(w)]
            found.update(np.array(sums).tobytes() + grads[0].tobytes())
        weight = np.random.default_rng(2).standard_normal((1500, 33)).astype(dtype)
        ops.bound_norms(weight, 30.0)
        found.update(weight.tobytes())
    return found.hexdigest()


@pytest.mark.kernels
@pytest.mark.parametrize("length", ["16", "32", "64"])
def test_the_length_of_vectors_changes_no_bit(length: str) -> None:
    root = Path(__file__).parents[3]
    code = "from tests.ops.update.test_update import digest; print(digest())"
    environment = os.environ | {"OPS_VECTOR_BYTES": length, "PYTHONPATH": str(root)}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=root)
    assert other.stdout.strip() == digest(), other.stderr
