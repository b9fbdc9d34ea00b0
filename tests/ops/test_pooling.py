"""Compiled pooling is what the formulas say, with the same bits for vectors of any length."""

import hashlib
import itertools

import numpy as np
import pytest

from base.types import Array
from ops.formulas.pooling import PoolWindows
from ops.ops import Ops
from tests.every_ops import HAS_NUMBA, choose_ops, needs_numba
from tests.ops.lanes import printed_with_vectors_of

CHANNELS = [1, 3, 4, 8, 10, 16, 20, 33]
IMAGES = [(1, 4, 6), (3, 7, 5), (2, 2, 3)]
WINDOWS = [
    PoolWindows((2, 2), (2, 2), (0, 0)),
    PoolWindows((3, 3), (2, 2), (1, 1)),
    PoolWindows((2, 3), (1, 2), (1, 1)),
    PoolWindows((2, 1), (3, 1), (0, 0)),
    PoolWindows((2, 2), (2, 2), (1, 1)),
]
CASES = list(itertools.product(WINDOWS, IMAGES, CHANNELS))


def pool(
    ops: Ops, windows: PoolWindows, image: tuple[int, ...], channels: int, dtype: str, places: str = "uint8"
) -> list[Array]:
    """Everything that pooling makes of some images, many of whose numbers are equal."""
    generator = np.random.default_rng(3)
    x = generator.integers(-1, 3, (*image, channels)).astype(dtype) / 3
    (kernel, stride, padding), sizes = windows, image[1:]
    rows, columns = ((n + 2 * p - k) // s + 1 for n, k, s, p in zip(sizes, kernel, stride, padding, strict=True))
    shape = (image[0], rows, columns, channels)
    dy = generator.standard_normal(shape).astype(dtype)
    winners, mean = np.empty(shape, places), np.empty((image[0], channels), dtype)
    found = [ops.max_pool2d(x, windows, np.empty_like(dy), winners), winners]
    found.append(ops.max_pool2d_gradient(dy, windows, winners, np.empty_like(x)))
    for counts_padding in (True, False):
        found.append(ops.avg_pool2d(x, windows, counts_padding, np.empty_like(dy)))
        found.append(ops.avg_pool2d_gradient(dy, windows, counts_padding, np.empty_like(x)))
    found.append(ops.global_avg_pool2d(x, mean))
    found.append(ops.global_avg_pool2d_gradient(mean, np.empty_like(x)))
    return found


def digest() -> str:
    """Of what compiled pooling makes of all cases."""
    found = hashlib.sha256()
    for case, dtype in itertools.product(CASES, ("float32", "float64")):
        for array in pool(choose_ops("compiled"), *case, dtype):
            found.update(array.tobytes())
    return found.hexdigest()


@needs_numba
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("windows", "image", "channels"), CASES)
def test_compiled_pooling_is_that_of_the_formulas(
    windows: PoolWindows, image: tuple[int, ...], channels: int, dtype: str
) -> None:
    found = pool(choose_ops("compiled"), windows, image, channels, dtype)
    expected = pool(Ops(), windows, image, channels, dtype)
    tolerance = 8 * np.finfo(dtype).eps
    for ours, formula in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, formula, rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("ops", ["numpy", *(["compiled"] if HAS_NUMBA else [])])
def test_nan_is_larger_than_all_and_the_last_one_wins(ops: str) -> None:
    x = np.array([[1, np.nan], [np.nan, 5]], "float32").reshape(1, 2, 2, 1)
    out, winners = np.empty((1, 1, 1, 1), "float32"), np.empty((1, 1, 1, 1), "uint8")
    choose_ops(ops).max_pool2d(x, WINDOWS[0], out, winners)
    assert np.isnan(out).all()
    assert winners.item() == 2


@pytest.mark.parametrize("ops", ["numpy", *(["compiled"] if HAS_NUMBA else [])])
def test_among_numbers_of_minus_infinity_the_first_of_the_image_wins(ops: str) -> None:
    x = np.full((1, 2, 2, 1), -np.inf, "float32")
    out, winners = np.empty((1, 2, 2, 1), "float32"), np.empty((1, 2, 2, 1), "uint8")
    choose_ops(ops).max_pool2d(x, PoolWindows((2, 2), (2, 2), (1, 1)), out, winners)
    assert winners.ravel().tolist() == [3, 2, 1, 0]


@needs_numba
def test_windows_of_more_than_256_places_count_them_in_more_bits() -> None:
    windows, image = PoolWindows((17, 16), (1, 1), (0, 0)), (1, 18, 17)
    found = pool(choose_ops("compiled"), windows, image, 3, "float32", places="int32")
    for ours, formula in zip(found, pool(Ops(), windows, image, 3, "float32", places="int32"), strict=True):
        np.testing.assert_allclose(ours, formula, rtol=1e-4, atol=1e-5)


@needs_numba
@pytest.mark.kernels
@pytest.mark.parametrize("vector_bytes", [16, 32, 64])
def test_vectors_of_any_length_give_the_same_bits(vector_bytes: int) -> None:
    program = "from tests.ops.test_pooling import digest; print(digest())"
    assert printed_with_vectors_of(program, vector_bytes).strip() == digest()
