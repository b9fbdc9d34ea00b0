"""Augmentation: random changes to training data."""

from abc import ABC, abstractmethod

import numpy as np

from base.types import Array, Shape
from ops.ops import Ops


class BaseAugmentation(ABC):
    """A random change to a batch of training data."""

    ops: Ops = Ops()  # NumPy or compiled operations; set when a run is built

    @abstractmethod
    def check(self, input_shape: Shape) -> None:
        """Raise ValueError where samples of this shape cannot be changed in this way."""

    @abstractmethod
    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        """The changed inputs and their targets.

        The inputs are `x` itself changed in place, or a new array of the same shape and type.
        """


class BaseMixing(BaseAugmentation):
    """A random change that mixes samples, and so their targets: numbers, or probabilities of classes (N, C)."""
