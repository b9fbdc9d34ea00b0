"""Xavier initialisation: keeps the variance of signals and of gradients where activations are about linear.

X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
"""

from math import sqrt

import numpy as np

from base.base_initializer import BaseInitializer
from base.constraints import Positive
from base.types import Array, Shape
from model.fans import fans


class XavierNormal(BaseInitializer):
    """N(0, std^2) with std = gain * sqrt(2 / (fan_in + fan_out)).

    gain: a factor for the activation that follows: 1 for sigmoid and none, 5/3 for tanh.
    """

    def __init__(self, gain: Positive = 1.0) -> None:
        self.gain = gain

    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        return generator.normal(0.0, _std(shape, self.gain), shape)


class XavierUniform(BaseInitializer):
    """U(-bound, bound) with bound = gain * sqrt(6 / (fan_in + fan_out)).

    gain: a factor for the activation that follows: 1 for sigmoid and none, 5/3 for tanh.
    """

    def __init__(self, gain: Positive = 1.0) -> None:
        self.gain = gain

    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        bound = sqrt(3) * _std(shape, self.gain)
        return generator.uniform(-bound, bound, shape)


def _std(shape: Shape, gain: float) -> float:
    return gain * sqrt(2 / sum(fans(shape)))
