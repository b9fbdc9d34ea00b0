"""exp, log, tanh and their like are exact to a unit or two in the last place, over all float32 numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from base.types import Array
from tests.every_ops import choose_ops, needs_numba

pytestmark = needs_numba

Function = Callable[[Array], Array]


def _sigmoid(x: Array) -> Array:
    return np.where(x > 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def _softplus(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _normal(x: Array) -> Array:
    """P(Z <= x): a series near 0, a continued fraction elsewhere. Abramowitz and Stegun, 26.2.11 and 26.2.14."""
    size = np.minimum(np.abs(x), 200)
    density = np.exp(-size * size / 2) / np.sqrt(8 * np.arctan(np.ones_like(x)))
    term = total = np.where(size < 1.5, size, 0)
    for k in range(3, 60, 2):
        term = term * size * size / k
        total = total + term
    fraction = np.maximum(size, 1)
    for k in range(400, 0, -1):
        fraction = np.maximum(size, 1) + k / fraction
    below = np.where(size < 1.5, 0.5 - density * total, density / fraction)
    return np.where(np.isnan(x), x, np.where(x > 0, 1 - below, below))


# Function: its exact values, and the most units in the last place that it may be off in float32 and in float64.
FUNCTIONS: dict[str, tuple[Function, float, float]] = {
    "exp": (np.exp, 1, 2),
    "log": (np.log, 1, 2),
    "log1p": (np.log1p, 1, 2),
    "tanh": (np.tanh, 1, 2),
    "softplus": (_softplus, 2, 4),
    "sigmoid": (_sigmoid, 2, 4),
    "normal": (_normal, 2, 4),
}
SPECIAL = {
    "exp": ([-np.inf, -1e30, -0.0, 0.0, 1e30, np.inf], [0, 0, 1, 1, np.inf, np.inf]),
    "log": ([-np.inf, -1, -0.0, 0.0, 1, np.inf], [np.nan, np.nan, -np.inf, -np.inf, 0, np.inf]),
    "log1p": ([-np.inf, -2, -1, -0.0, 0.0, np.inf], [np.nan, np.nan, -np.inf, -0.0, 0, np.inf]),
    "tanh": ([-np.inf, -1e30, -0.0, 0.0, 1e30, np.inf], [-1, -1, -0.0, 0, 1, 1]),
    "softplus": ([-np.inf, -1e30, 1e30, np.inf], [0, 0, 1e30, np.inf]),
    "sigmoid": ([-np.inf, -1e30, -0.0, 0.0, 1e30, np.inf], [0, 0, 0.5, 0.5, 1, 1]),
    "normal": ([-np.inf, -1e30, -0.0, 0.0, 1e30, np.inf], [0, 0, 0.5, 0.5, 1, 1]),
}
every_function = pytest.mark.parametrize("name", FUNCTIONS)


def compiled(name: str) -> Function:
    """The function over an array."""
    if name != "normal":
        return lambda x: getattr(choose_ops("compiled"), name)(x, np.empty_like(x))
    from tests.ops.normal_kernel import probabilities

    def normal(x: Array) -> Array:
        out = np.empty_like(x)
        probabilities(x, out)
        return out

    return normal


def ulps(found: Array, exact: Array) -> Array:
    """The error in units in the last place of the exact result, inf where one of the two alone is a finite number."""
    rounded = exact.astype(found.dtype)
    info: Any = np.finfo(found.dtype)
    bits = np.dtype(f"int{info.bits}")
    power = (rounded.view(bits) & np.array(np.inf, found.dtype).view(bits)).view(found.dtype)
    unit = np.maximum(power.astype(exact.dtype) * info.eps, info.smallest_subnormal)
    error = np.abs(found - exact) / unit
    finite = np.isfinite(found) & np.isfinite(rounded)
    same = (found == rounded) | (np.isnan(found) & np.isnan(rounded))
    return np.asarray(np.where(finite, error, np.where(same, 0, np.inf)))


def worst(function: Function, exact: Function, x: Array, longer: str) -> float:
    """The largest error in units in the last place; exact values are of numbers of the longer type."""
    with np.errstate(all="ignore"):
        return float(ulps(function(x), exact(x.astype(longer))).max())


def float64_samples() -> Array:
    """Numbers of all magnitudes, and more of those that are common."""
    random = np.random.default_rng(1)
    common = [random.uniform(-size, size, 20_000) for size in (1e-3, 1, 3, 20, 40, 750)]
    return np.concatenate([*common, random.choice([-1, 1], 20_000) * 2.0 ** random.uniform(-1074, 1024, 20_000)])


@every_function
def test_float32_samples(name: str) -> None:
    exact, most, _ = FUNCTIONS[name]
    x = np.arange(-(2**31), 2**31, 16_381).astype(np.int32).view(np.float32)
    assert worst(compiled(name), exact, x, "float64") <= most


@every_function
def test_float64_samples(name: str) -> None:
    exact, _, most = FUNCTIONS[name]
    assert worst(compiled(name), exact, float64_samples(), "longdouble") <= most


@every_function
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_special_numbers(name: str, dtype: str) -> None:
    x, expected = (np.array(numbers, dtype) for numbers in SPECIAL[name])
    found = compiled(name)(x)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found)[~np.isnan(found)], np.signbit(expected)[~np.isnan(expected)])
    assert np.isnan(compiled(name)(np.array([np.nan], dtype)))


@pytest.mark.exhaustive
@every_function
def test_all_float32_numbers(name: str) -> None:
    """Against the float64 version, which the samples above show to be exact to some 2^-50."""
    function, most = compiled(name), FUNCTIONS[name][1]
    for start in range(-(2**31), 2**31, 2**18):
        x = np.arange(start, start + 2**18, dtype=np.int64).astype(np.int32).view(np.float32)
        assert worst(function, function, x, "float64") <= most, f"from {x[0]} to {x[-1]}"


@every_function
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_bits_alone_and_among_others(name: str, dtype: str) -> None:
    """A loop's last numbers, which fill no vector, are computed as the others are."""
    x, function = float64_samples()[:100].astype(dtype), compiled(name)
    together = function(x)
    for at in range(len(x)):
        np.testing.assert_array_equal(function(x[at : at + 1]), together[at : at + 1])
