"""Random changes to training data that leave the label true."""

from abc import ABC, abstractmethod

import numpy as np

from base.types import Array, Shape


class BaseAugmentation(ABC):
    """A random change to a batch of inputs. It is applied to training data only."""

    @abstractmethod
    def check(self, input_shape: Shape) -> None:
        """Raise ValueError where samples of this shape cannot be changed in this way."""

    @abstractmethod
    def apply(self, x: Array, generator: np.random.Generator) -> Array:
        """The changed batch: `x` itself changed in place, or a new array of the same shape and type."""
