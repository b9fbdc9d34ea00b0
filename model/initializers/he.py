"""He initialisation: keeps the variance of signals through layers of rectifiers.

K. He et al., "Delving deep into rectifiers", ICCV 2015. PyTorch calls it kaiming.
"""

from math import sqrt

import numpy as np

from base.base_initializer import BaseInitializer
from base.constraints import NonNegative
from base.types import Array, Shape
from model.fans import fans


class HeNormal(BaseInitializer):
    """N(0, std^2) with std = sqrt(2 / ((1 + negative_slope^2) fan_in)).

    negative_slope: the slope of the rectifier below 0, as LeakyReLU has it.
    """

    def __init__(self, negative_slope: NonNegative = 0.0) -> None:
        self.negative_slope = negative_slope

    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        return generator.normal(0.0, _std(shape, self.negative_slope), shape)


class HeUniform(BaseInitializer):
    """U(-bound, bound) with bound = sqrt(3) * sqrt(2 / ((1 + negative_slope^2) fan_in)).

    With negative_slope = sqrt(5) the bound is 1 / sqrt(fan_in), which is PyTorch's default for Linear.

    negative_slope: the slope of the rectifier below 0, as LeakyReLU has it.
    """

    def __init__(self, negative_slope: NonNegative = 0.0) -> None:
        self.negative_slope = negative_slope

    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        bound = sqrt(3) * _std(shape, self.negative_slope)
        return generator.uniform(-bound, bound, shape)


def _std(shape: Shape, negative_slope: float) -> float:
    return sqrt(2 / ((1 + negative_slope * negative_slope) * fans(shape)[0]))
