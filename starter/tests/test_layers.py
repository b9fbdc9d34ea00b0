"""The layer computes what its formula says, and so does its backward."""

import numpy as np
from base.base_layer import RandomContext
from base.random_streams import RandomStreams
from model.architectures.sequential import SequentialModel
from model.gradient_check import TOLERANCE, gradient_errors
from model.layers.linear import Linear
from model.losses.cross_entropy import CrossEntropyLoss

from my_project.layers import Swish

STREAMS = RandomStreams(seed=309)


def test_values_are_those_of_the_formula() -> None:
    model = SequentialModel([Swish(beta=2.0)])
    model.build((3,), STREAMS, "float64")
    x = np.array([[-1.5, 0.0, 700.0]])
    np.testing.assert_allclose(model.replica(RandomContext(STREAMS, 0)).forward(x), x / (1 + np.exp(-2 * x)))


def test_gradients_are_those_of_finite_differences() -> None:
    model = SequentialModel(
        [Linear(out_features=5), Swish(), Linear(out_features=3)]
    )  # the first needs the gradient of the layer's input
    model.build((4,), STREAMS, "float64")
    x = np.random.default_rng(1).standard_normal((8, 4))
    errors = gradient_errors(model, CrossEntropyLoss(), x, np.arange(8) % 3, STREAMS)
    assert "swish1.beta" in errors
    assert max(errors.values()) <= TOLERANCE
