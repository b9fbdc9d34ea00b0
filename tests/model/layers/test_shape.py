"""Reshape keeps the order of numbers, and refuses what no input fits."""

import numpy as np
import pytest

from model.layers.shape import Reshape
from tests.one_layer import batch, built


def test_numbers_keep_their_order_forth_and_back() -> None:
    model = built(Reshape([3, -1]), (2, 6))
    x = batch(2, (2, 6))
    output = model.forward(x)
    np.testing.assert_array_equal(output, x.reshape(2, 3, 4))
    np.testing.assert_array_equal(model.backward(output), x)


@pytest.mark.parametrize("shape", [[0, 4], [-1, -1], [2, -1, 3, -1]])
def test_a_shape_that_no_input_fits_is_refused(shape: list[int]) -> None:
    with pytest.raises(ValueError, match=r"positive lengths, one of which may be -1, got \["):
        Reshape(shape)
