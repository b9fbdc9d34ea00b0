"""The factors of Winograd's sums."""

import numpy as np
import pytest

from model.convolution.winograd import TILE, factors


@pytest.mark.parametrize("height", [2, 3, 4, 5])
def test_sums_of_products_of_sums_are_the_sums_of_products(height: int) -> None:
    of_pixels, of_kernel, of_products = factors(height)
    generator = np.random.default_rng(0)
    pixels, kernel = generator.standard_normal(TILE + height - 1), generator.standard_normal(height)
    expected = [pixels[row : row + height] @ kernel for row in range(TILE)]
    np.testing.assert_allclose(of_products @ ((of_kernel @ kernel) * (of_pixels @ pixels)), expected, rtol=1e-12)


def test_products_at_0_and_infinity_are_in_one_row_of_outputs_and_those_at_1_in_each_once() -> None:
    for height in (3, 5):
        of_products = factors(height)[2]
        np.testing.assert_array_equal(of_products[:, [0, 1, -1]], [[1, 1, 0], [0, 1, 1]])
