"""Elementary functions are right to the last places, and have the same bits everywhere."""

import hashlib
import math
from collections.abc import Callable

import numpy as np
import pytest

from base import exact_math
from base.types import Array

RANDOM = np.random.Generator(np.random.Philox(key=1))
QUARTERS = np.arange(1, 60_000) * (math.pi / 2)
ANGLES = np.concatenate([RANDOM.uniform(-1e5, 1e5, 100_000), RANDOM.uniform(-4, 4, 100_000), QUARTERS])
SPREAD = RANDOM.uniform(-740, 709, 100_000)
ARGUMENTS: dict[str, Array] = {
    "exp": np.concatenate([SPREAD, RANDOM.uniform(-1, 1, 100_000), [0, 1, -745, 710, 1e300, -1e300]]),
    "log": np.concatenate([np.exp(SPREAD), RANDOM.uniform(0.5, 2, 100_000), [1, 5e-324, 1e-310, 1.7e308]]),
    "sin": ANGLES,
    "cos": ANGLES,
    "tan": ANGLES,
}
NUMBERS = [0.0, 0.3, 1.0, 2.5, 30.0, 700.0]
DIGESTS = {
    "exp": "a4e93e12de3f6870",
    "log": "60aec57e80ad77bc",
    "sin": "5217bb4d96c4c0ec",
    "cos": "f3a1c3d4caa37d4d",
    "tan": "838439c6d03d967e",
}


def errors(found: Array, true: Array) -> Array:
    """How many units in the last place the numbers are off."""
    with np.errstate(over="ignore"):
        near = np.abs(true).astype(np.float64)
    same = (found == near) | (np.isinf(near) & np.isinf(found))
    return np.where(same, 0, np.abs(found - np.where(same, 0, true)) / np.spacing(np.where(same, 1, near)))


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="there are no longer numbers to compare with")
@pytest.mark.parametrize(("name", "most"), [("exp", 1), ("log", 1), ("sin", 1), ("cos", 1), ("tan", 3)])
def test_the_last_places_are_right(name: str, most: float) -> None:
    x = ARGUMENTS[name]
    with np.errstate(over="ignore", under="ignore"):
        true = getattr(np, name)(x.astype(np.longdouble))
    assert errors(getattr(exact_math, name)(x), true).max() <= most


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_bits_are_the_same_everywhere(name: str) -> None:
    x = np.concatenate([np.arange(1, 1001) / 16, np.arange(1, 1001) / 1024])
    found = getattr(exact_math, name)(x).astype("<f8")
    assert hashlib.sha256(found.tobytes()).hexdigest()[:16] == DIGESTS[name]


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_number_gives_the_number_that_stands_in_an_array(name: str) -> None:
    function: Callable[[float | Array], float | Array] = getattr(exact_math, name)
    found = [function(x) for x in NUMBERS]
    assert all(type(one) is float for one in found)
    np.testing.assert_array_equal(found, function(np.array(NUMBERS)))
    assert isinstance(function(np.array([[1.0]])), np.ndarray)


def test_the_ends_of_exp_and_log() -> None:
    np.testing.assert_array_equal(exact_math.exp(np.array([-np.inf, np.inf, np.nan, 0])), [0, np.inf, np.nan, 1])
    np.testing.assert_array_equal(exact_math.log(np.array([0, np.inf, np.nan, -1])), [-np.inf, np.inf, np.nan, np.nan])


def test_degrees_become_radians() -> None:
    assert exact_math.radians(180.0) == math.pi
    np.testing.assert_array_equal(exact_math.radians(np.array([0.0, 90.0])), [0, math.pi / 2])


@pytest.mark.parametrize(
    ("base", "exponent", "result"),
    [
        (0.0, 2.5, 0.0),
        (3.0, 0, 1.0),
        (0.0, 0, 1.0),
        (2.0, -3, 0.125),
        (-2.0, 3, -8.0),
        (0.5, 1074, 5e-324),
        (0.5, 5000, 0.0),
        (10.0, 400, math.inf),
        (2.0, 0.5, 1.4142135623730951),
        (0.999, 1000, 0.36769542477096373),
    ],
)
def test_powers(base: float, exponent: float, result: float) -> None:
    assert exact_math.power(base, exponent) == result


def test_powers_of_any_size_are_right_to_the_last_place() -> None:
    for base, exponent in zip(RANDOM.uniform(0.5, 1.9, 300).tolist(), RANDOM.uniform(-9, 9, 300).tolist(), strict=True):
        for e in (exponent, round(100 * exponent)):
            assert exact_math.power(base, e) == pytest.approx(base**e, rel=3e-16)
