"""Pixels moved whole."""

import numpy as np
import pytest

from model.layers.pixels import pixels


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("channels", [1, 3, 16])
def test_a_strided_copy_of_pixels_is_that_of_their_numbers(channels: int, dtype: str) -> None:
    x = np.random.default_rng(3).standard_normal((2, 5, 7, channels)).astype(dtype)
    out = np.empty((2, 2, 3, channels), dtype)
    np.copyto(pixels(out), pixels(x)[:, 1::2, 0:5:2])
    np.testing.assert_array_equal(out, x[:, 1::2, 0:5:2])
