"""The normal distribution in both precisions."""

import math

import numpy as np
import pytest

from model.layers.normal import normal_cdf


@pytest.mark.parametrize(("dtype", "error"), [("float32", 3e-7), ("float64", 1e-15)])
def test_probability_and_bell_are_those_of_the_error_and_exponential_functions(dtype: str, error: float) -> None:
    x = np.linspace(-9, 9, 10_001, dtype=dtype)
    bell, share, out = np.empty((3, len(x)), dtype)
    normal_cdf(x, bell, share, out)
    exact = [0.5 * math.erfc(-number / math.sqrt(2)) for number in x.tolist()]
    assert np.max(np.abs(out - exact)) < error
    assert np.max(np.abs(bell - np.exp(-x.astype(float) ** 2 / 2))) < error
    assert out.min() >= 0
    assert out.max() <= 1
