"""How far outputs are from the numbers that they should be."""

import numpy as np

from base.types import Array
from model.layers.activations import Softmax
from model.targets import as_numbers


def mean_squared_error(output: Array, target: Array, softmax: bool = False) -> Array:
    """The mean of (y - t)^2 over a sample's outputs; class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """
    numbers = Softmax().forward(output) if softmax else output
    return _means(np.square(numbers - as_numbers(target, output)))


def mean_absolute_error(output: Array, target: Array, softmax: bool = False) -> Array:
    """The mean of |y - t| over a sample's outputs; class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """
    numbers = Softmax().forward(output) if softmax else output
    return _means(np.abs(numbers - as_numbers(target, output)))


def _means(errors: Array) -> Array:
    return np.asarray(errors.reshape(len(errors), -1).mean(axis=1))
