"""Random changes to training data."""

from abc import ABC, abstractmethod

import numpy as np

from base.types import Array, Shape
from ops.ops import Ops


class BaseAugmentation(ABC):
    """A random change to a batch of inputs that leaves their targets true. It is applied to training data only."""

    ops: Ops = Ops()  # what it computes with; whoever builds a run gives it that of the run

    @abstractmethod
    def check(self, input_shape: Shape) -> None:
        """Raise ValueError where samples of this shape cannot be changed in this way."""

    @abstractmethod
    def apply(self, x: Array, generator: np.random.Generator) -> Array:
        """The changed batch: `x` itself changed in place, or a new array of the same shape and type."""


class BaseMixing(BaseAugmentation):
    """A random change that makes samples out of several, and so changes their targets too."""

    @abstractmethod
    def apply_targets(self, target: Array, generator: np.random.Generator) -> Array:
        """The targets (N, ...) of what `apply` made of N samples with a generator in this same state.

        They are numbers, or probabilities of classes (N, C).
        """
