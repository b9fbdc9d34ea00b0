"""Our random numbers have their distributions, and the same bits everywhere."""

import hashlib
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from base.normal_quantile import normal_quantile
from base.random_generator import RandomGenerator
from base.types import Array

COUNT = 100_000


def generator(key: int = 3) -> RandomGenerator:
    return RandomGenerator(np.random.Philox(key=key))


# Where one of these changes, the result of every run that draws so changes with it.
DIGESTS: list[tuple[Callable[[RandomGenerator], Any], str]] = [
    (lambda of: of.random(20_001), "e6bdb4188937c6e9"),
    (lambda of: of.random(20_001, np.float32), "8a68f5efb5b8d606"),
    (lambda of: of.uniform(-3, 5, (7, 9)), "9cdfaf0524ab7b43"),
    (lambda of: of.uniform([1, 2], [[3], [9]]), "e95ce70250f033ab"),
    (lambda of: of.integers(0, (28, 17, 1), (50, 3)), "9d934e287c913e4b"),
    (lambda of: of.integers(-5, 2**31, 100, endpoint=True), "86946b4bc3bd290a"),
    (lambda of: np.frombuffer(of.bytes(101), np.uint8), "916d7e7eec0cf11a"),
    (lambda of: of.permutation(1000), "b488a937fb220981"),
    (lambda of: of.choice(50, 20, replace=False), "f003cbfe6a3585bd"),
    (lambda of: of.standard_normal((3, 7001)), "3aaf2f6d91ae4086"),
    (lambda of: of.standard_normal((3, 7001), np.float32), "daab22d88a0db9b9"),
    (lambda of: of.normal([0, 5], 0.1, (100, 2)), "caf5dda3ebdcb2b6"),
    (lambda of: of.beta(0.2, 0.2, 1000), "7330eaae5b5df10a"),
    (lambda of: of.beta(3, 0.01, 1000), "2b4c07f702322b68"),
]


@pytest.mark.parametrize(("draw", "digest"), DIGESTS)
def test_numbers_stay_as_they_are_from_version_to_version(draw: Callable[[RandomGenerator], Any], digest: str) -> None:
    drawn = np.asarray(draw(generator()))
    drawn = drawn.astype(drawn.dtype.newbyteorder("<"))
    assert hashlib.sha256(drawn.tobytes()).hexdigest()[:16] == digest


@pytest.mark.parametrize(
    ("draw", "distribution"),
    [
        (lambda of: of.random(COUNT), stats.uniform()),
        (lambda of: of.random(COUNT, np.float32), stats.uniform()),
        (lambda of: of.uniform(-3, 5, COUNT), stats.uniform(-3, 8)),
        (lambda of: of.standard_normal(COUNT), stats.norm()),
        (lambda of: of.standard_normal(COUNT, np.float32), stats.norm()),
        (lambda of: of.normal(2, 0.3, COUNT), stats.norm(2, 0.3)),
        (lambda of: of.beta(0.2, 0.2, COUNT), stats.beta(0.2, 0.2)),
        (lambda of: of.beta(1, 1, COUNT), stats.beta(1, 1)),
        (lambda of: of.beta(0.7, 4, COUNT), stats.beta(0.7, 4)),
        (lambda of: of.beta(50, 20, COUNT), stats.beta(50, 20)),
    ],
)
def test_numbers_follow_their_distribution(draw: Callable[[RandomGenerator], Array], distribution: Any) -> None:
    drawn = draw(generator(8)).astype(np.float64)
    assert stats.kstest(drawn, distribution.cdf).pvalue > 0.01
    assert abs(drawn.mean() - distribution.mean()) < 4 * distribution.std() / np.sqrt(COUNT)
    assert drawn.std() == pytest.approx(distribution.std(), rel=0.02)
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 5 / np.sqrt(COUNT)


def test_whole_numbers_are_equally_likely() -> None:
    for low, count in ((0, 2), (-3, 7), (5, 256)):
        drawn = generator().integers(low, low + count, COUNT)
        found = np.bincount(drawn - low, minlength=count)
        assert len(found) == count
        assert stats.chisquare(found).pvalue > 0.01
    found = np.bincount(np.frombuffer(generator().bytes(COUNT), np.uint8), minlength=256)
    assert stats.chisquare(found).pvalue > 0.01


def test_bounds_of_whole_numbers_may_be_arrays() -> None:
    drawn = generator().integers([0, 10], [3, 11], (1000, 2))
    assert set(drawn[:, 0]) == {0, 1, 2}
    assert set(drawn[:, 1]) == {10}
    assert set(generator().integers(2, size=50, endpoint=True)) == {0, 1, 2}
    assert generator().integers(0, 256, 5, np.uint8).dtype == np.uint8
    assert generator().integers([4, 5]).shape == (2,)


def test_ranges_without_a_number_are_refused_and_wide_ones_drawn_by_numpy() -> None:
    with pytest.raises(ValueError, match="low >= high"):
        generator().integers(3, 3)
    wide = np.random.Generator(np.random.Philox(key=3)).integers(0, 2**60, 9)
    np.testing.assert_array_equal(generator().integers(0, 2**60, 9), wide)


def test_small_beta_parameters_give_numbers_near_0_and_1() -> None:
    drawn = generator().beta(0.001, 0.001, 10_000)
    assert np.isfinite(drawn).all()
    assert (drawn < 0.5).mean() == pytest.approx(0.5, abs=0.02)
    assert ((drawn < 1e-6) | (drawn > 1 - 1e-6)).mean() > 0.95


def test_permutations_have_each_number_once_and_each_order_equally_often() -> None:
    assert sorted(generator().permutation(1000)) == list(range(1000))
    stream = generator()
    orders = [tuple(stream.permutation(3)) for _ in range(6000)]
    assert stats.chisquare([orders.count(order) for order in set(orders)]).pvalue > 0.01
    assert len(set(orders)) == 6
    parts = generator().permutation([[1, 2], [3, 4], [5, 6]], axis=1)
    assert sorted(parts[0]) == [1, 2]


def test_choices() -> None:
    drawn = generator().choice(10, 10, replace=False)
    assert sorted(drawn) == list(range(10))
    assert generator().choice(["a", "b"], (4, 5)).shape == (4, 5)
    assert generator().choice(7) in range(7)
    assert set(generator().choice(3, 500)) == {0, 1, 2}
    assert set(generator().choice(3, 50, p=[0, 1, 0])) == {1}
    with pytest.raises(ValueError, match="choice of 4 out of 3 without replacement"):
        generator().choice(3, 4, replace=False)


@pytest.mark.parametrize("method", ["random", "standard_normal"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_can_be_written_to_an_array(method: str, dtype: type) -> None:
    out: Array = np.empty((3, 5), dtype)
    assert getattr(generator(), method)(dtype=dtype, out=out) is out
    np.testing.assert_array_equal(out, getattr(generator(), method)((3, 5), dtype=dtype))
    for wrong in (out.T, np.empty((3, 5), np.float16)):
        with pytest.raises(ValueError, match="out must be an array in one piece"):
            getattr(generator(), method)(dtype=dtype, out=wrong)
    with pytest.raises(TypeError, match="float32 or float64, not float16"):
        getattr(generator(), method)(3, dtype=np.float16)


def test_without_a_size_single_numbers_come() -> None:
    of = generator()
    for number in (of.random(), of.uniform(), of.integers(4), of.standard_normal(), of.normal(), of.beta(1, 2)):
        assert np.shape(number) == ()
        assert not isinstance(number, np.ndarray)
    assert of.random(()).shape == of.normal(size=()).shape == ()


@pytest.mark.parametrize("size", [0, (0, 3), 1, np.int64(4)])
def test_any_size_may_be_asked_for(size: Any) -> None:
    of, shape = generator(), np.empty(size).shape
    for drawn in (of.random(size), of.integers(0, 5, size), of.normal(size=size), of.beta(1, 2, size)):
        assert drawn.shape == shape


def test_parameters_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="scale of at least 0, got -1"):
        generator().normal(0, -1)
    with pytest.raises(ValueError, match="a and b above 0, got 0 and 1"):
        generator().beta(0, 1)


def test_all_other_methods_are_numpys() -> None:
    wanted = np.random.Generator(np.random.Philox(key=3)).poisson(4, 10)
    np.testing.assert_array_equal(generator().poisson(4, 10), wanted)


def test_copies_go_on_with_the_same_numbers() -> None:
    stream = generator()
    stream.random(3)
    copy = pickle.loads(pickle.dumps(stream))
    assert isinstance(copy, RandomGenerator)
    assert copy.random() == stream.random()


@pytest.mark.parametrize(("dtype", "bits", "kind"), [("float64", 52, np.int64), ("float32", 32, np.int32)])
def test_the_quantile_function_is_scipys(dtype: str, bits: int, kind: type) -> None:
    half = 2 ** (bits - 1)
    ends = 2 ** np.arange(bits - 1)
    levels: Array = np.concatenate([np.linspace(-half, half - 1, 10_001), ends - half, half - 1 - ends]).astype(kind)
    found = normal_quantile(levels, bits, np.dtype(dtype))
    exact = levels.astype(np.int64)
    lower = special.ndtri((np.minimum(exact, -1 - exact) + half + 0.5) / 2**bits)
    np.testing.assert_allclose(
        found, np.where(exact < 0, lower, -lower), rtol=1e-6 if bits == 32 else 3e-15, atol=1e-16
    )
