"""The gradient check itself finds small mistakes."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.types import Array, Shape
from tests.gradient_check import central_differences, check_gradient, check_model
from tests.one_layer import batch, built


class SlightlyWrong(BaseLayer):
    """y = x^2, whose derivative is off by one part in a hundred thousand."""

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        self._x = x
        return np.square(x)

    def backward(self, grad: Array) -> Array:
        return 2.00002 * self._x * grad


def test_differences_are_the_derivative_and_leave_the_array_as_it_was() -> None:
    x = batch(2, (3,))
    np.testing.assert_allclose(central_differences(lambda: float(np.sum(x**3)), x), 3 * x**2, rtol=1e-8)
    np.testing.assert_array_equal(x, batch(2, (3,)))


def test_a_derivative_that_is_slightly_wrong_is_found() -> None:
    with pytest.raises(AssertionError, match="gradient of the input"):
        check_model(built(SlightlyWrong(), (3,)), batch(2, (3,)))


def test_a_gradient_that_was_not_written_is_found() -> None:
    x = batch(1, (3,))
    with pytest.raises(AssertionError, match="gradient of x"):
        check_gradient(np.full_like(x, np.nan), lambda: float(np.sum(x)), x, "x")
