"""Compiled normalisation is what the formulas say, with the same bits for vectors of any length."""

import hashlib
import itertools

import numpy as np
import pytest

from base.types import Array
from ops.ops import Ops
from tests.every_ops import choose_ops, needs_numba
from tests.ops.lanes import printed_with_vectors_of

ROWS = [1, 2, 7, 100, 1500]
CHANNELS = [1, 3, 4, 10, 16, 33, 300]
CASES = list(itertools.product(ROWS, CHANNELS))


def normalised(ops: Ops, rows: int, channels: int, dtype: str) -> list[Array]:
    """Everything that normalisation makes of some rows that lie apart from 0."""
    generator = np.random.default_rng(3)
    shape = (rows // 4, 4, channels) if rows % 4 == 0 else (rows, 1, channels)
    x = (5 + generator.standard_normal(shape)).astype(dtype)
    dy, weight, bias = (generator.standard_normal(lengths).astype(dtype) for lengths in (shape, channels, channels))
    mean, variance, weight_grad, bias_grad, *layer = (np.empty(channels, dtype) for _ in range(6))
    ops.mean_and_variance(x, mean, variance)
    found = [mean, variance]
    inverse = 1 / np.sqrt(variance + np.asarray(0.1, dtype))
    found.append(ops.batch_norm(x, mean, inverse, weight, bias, np.empty_like(x)))
    ops.batch_norm_weight_gradient(x, dy, mean, inverse, weight_grad, bias_grad)
    found += [weight_grad, bias_grad]
    sums = weight, weight_grad, bias_grad
    found.append(ops.batch_norm_input_gradient(x, dy, mean, inverse, *sums, np.empty_like(x)))
    factor = np.ascontiguousarray(dy[:, 0])
    found += [ops.scale_channels(x, rates, np.empty_like(x)) for rates in (factor, factor[:1])]
    x, dy = x.reshape(rows, channels), dy.reshape(rows, channels)
    of_rows, inverses = np.empty(rows, dtype), np.empty(rows, dtype)
    found.append(ops.layer_norm(x, 0.1, weight, bias, of_rows, inverses, np.empty_like(x)))
    found += [of_rows, inverses, *layer]
    found.append(ops.layer_norm_gradient(x, dy, of_rows, inverses, weight, *layer, np.empty_like(x)))
    return found


def digest() -> str:
    """Of what compiled normalisation makes of all cases."""
    found = hashlib.sha256()
    for case, dtype in itertools.product(CASES, ("float32", "float64")):
        for array in normalised(choose_ops("compiled"), *case, dtype):
            found.update(array.tobytes())
    return found.hexdigest()


@needs_numba
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("rows", "channels"), CASES)
def test_compiled_normalisation_is_that_of_the_formulas(rows: int, channels: int, dtype: str) -> None:
    found = normalised(choose_ops("compiled"), rows, channels, dtype)
    tolerance = 100 * np.finfo(dtype).eps
    for ours, formula in zip(found, normalised(Ops(), rows, channels, dtype), strict=True):
        scale = max(1, float(np.abs(formula).max()))
        np.testing.assert_allclose(ours, formula, rtol=tolerance, atol=tolerance * scale)


@needs_numba
def test_mean_and_variance_are_as_exact_as_their_type() -> None:
    x = 1000 + np.random.default_rng(4).standard_normal((1000, 50, 5)).astype("float32")
    mean, variance = np.empty(5, "float32"), np.empty(5, "float32")
    choose_ops("compiled").mean_and_variance(x, mean, variance)
    np.testing.assert_allclose(mean, x.astype(float).mean(axis=(0, 1)), rtol=2e-7)
    np.testing.assert_allclose(variance, x.astype(float).var(axis=(0, 1)), rtol=2e-6)


@needs_numba
@pytest.mark.kernels
@pytest.mark.parametrize("vector_bytes", [16, 32, 64])
def test_vectors_of_any_length_give_the_same_bits(vector_bytes: int) -> None:
    program = "from tests.ops.test_normalization import digest; print(digest())"
    assert printed_with_vectors_of(program, vector_bytes).strip() == digest()
