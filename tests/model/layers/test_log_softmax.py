"""LogSoftmax is exact for inputs of any size."""

import numpy as np
import pytest

from model.layers.log_softmax import LogSoftmax


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_limits_are_right_and_the_gradient_finite(dtype: str) -> None:
    layer = LogSoftmax()
    output = layer.forward(np.array([[1e4, -1e4], [1e4, 1e4], [-1e4, -1e4]], dtype))
    np.testing.assert_allclose(output, [[0, -2e4], [-np.log(2)] * 2, [-np.log(2)] * 2], rtol=1e-6)
    np.testing.assert_allclose(layer.backward(np.array([[1, 0]] * 3, dtype)), [[0, 0], [0.5, -0.5], [0.5, -0.5]])
