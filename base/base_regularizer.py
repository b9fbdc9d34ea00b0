"""Weight penalties and constraints."""

from abc import ABC, abstractmethod

from base.types import Array
from ops.ops import Ops


class BaseRegularizer(ABC):
    """A term added to the loss that depends on the weights alone; biases and the scales of norms are left out.

    Both methods are given parts of the vector of parameters and must be elementwise.
    """

    ops: Ops = Ops()  # what it computes with; whoever builds a run gives it that of the run

    @abstractmethod
    def penalty(self, weights: Array) -> float:
        """The term's value for these weights; the values of parts add up."""

    @abstractmethod
    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        """Add the term's gradient to `grad` in place; `scratch`, of the same shape, may be overwritten."""


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
    """A bound that weights are put back within after each step, instead of a term."""

    @abstractmethod
    def project(self, weight: Array) -> None:
        """Put one layer's weight (..., in, out) within the bound, in place."""

    def penalty(self, weights: Array) -> float:
        return 0.0

    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        """There is no term, thus no gradient."""
