"""Initializers: initial values of parameters."""

from abc import ABC, abstractmethod

import numpy as np

from base.types import Array, Shape


class BaseInitializer(ABC):
    """Draws the initial values of a parameter."""

    @abstractmethod
    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        """Values of the given shape, in float64, drawn from the generator."""
