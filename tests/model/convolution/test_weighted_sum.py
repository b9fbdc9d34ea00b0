"""Weighted sums of arrays."""

import numpy as np
import pytest

from model.convolution.weighted_sum import WeightedSum


@pytest.mark.parametrize(
    "factors",
    [
        [1],
        [-1],
        [0, 3, 0],
        [1, 1],
        [-1, 0, 1],
        [-2, -2],
        [4, 0, -5, 0, 1],
        [0, -4, -4, 1, 1],
        [0, 2, -1, -2, 1],
        [0.5, -3, 0.5, 3],
    ],
    ids=str,
)
def test_it_is_the_sum_of_arrays_times_factors(factors: list[float]) -> None:
    arrays = np.random.default_rng(0).standard_normal((len(factors), 7))
    before, out = arrays.copy(), np.full(7, np.nan)
    WeightedSum(factors).write(arrays, out)
    np.testing.assert_allclose(out, factors @ arrays, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(arrays, before)
