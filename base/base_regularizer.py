"""Weight penalties and constraints."""

from abc import ABC, abstractmethod

from base.types import Array
from ops.ops import Ops


class BaseRegularizer(ABC):
    """A penalty on the weights that is added to the loss; biases and the parameters of norms are left out.

    Both methods get pieces of the parameter vector and must be elementwise.
    """

    ops: Ops = Ops()  # NumPy or compiled operations; set when a run is built

    @abstractmethod
    def penalty(self, weights: Array) -> float:
        """The penalty of these weights; those of pieces add up."""

    @abstractmethod
    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        """Add the penalty's gradient to `grad` in place; `scratch`, of the same shape, may be overwritten."""


class NormPenalty(BaseRegularizer):
    """R = l1 * sum |w| + l2 / 2 * sum w^2, dR/dw = l1 * sign(w) + l2 * w: added while shards' gradients are summed."""

    def __init__(self, l1: float, l2: float) -> None:
        self.l1 = l1
        self.l2 = l2

    def penalty(self, weights: Array) -> float:
        return self.l1 * self.ops.sum_of_magnitudes(weights) + 0.5 * self.l2 * self.ops.sum_of_squares(weights)

    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        self.ops.add_penalty_gradient(weights, grad, self.l1, self.l2)


class WeightBound(BaseRegularizer):
    """A constraint: weights are projected onto it after each step. There is no penalty."""

    @abstractmethod
    def project(self, weight: Array) -> None:
        """Project one layer's weight (..., in, out), in place."""

    def penalty(self, weights: Array) -> float:
        return 0.0

    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        """There is no penalty, thus no gradient."""
