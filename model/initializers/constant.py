"""The same value everywhere."""

import numpy as np

from base.base_initializer import BaseInitializer
from base.types import Array, Shape


class Zeros(BaseInitializer):
    """0 everywhere."""

    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        return np.zeros(shape)


class Constant(BaseInitializer):
    """One value everywhere.

    value: that value.
    """

    def __init__(self, value: float) -> None:
        self.value = value

    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        return np.full(shape, float(self.value))
