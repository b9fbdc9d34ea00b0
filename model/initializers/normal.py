"""The normal distribution with a given deviation."""

import numpy as np

from base.base_initializer import BaseInitializer
from base.constraints import NonNegative
from base.types import Array, Shape


class Normal(BaseInitializer):
    """N(mean, std^2).

    std: the standard deviation.
    mean: the mean.
    """

    def __init__(self, std: NonNegative = 1.0, mean: float = 0.0) -> None:
        self.std = std
        self.mean = mean

    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        return generator.normal(self.mean, self.std, shape)
