"""The squared norm as a penalty."""

import numpy as np

from base.base_regularizer import BaseRegularizer
from base.constraints import NonNegative
from base.types import Array


class L2(BaseRegularizer):
    """R = weight / 2 * sum w^2, dR/dw = weight * w.

    weight: the strength; 1e-4 is a usual choice.
    """

    def __init__(self, weight: NonNegative) -> None:
        self.weight = weight

    def penalty(self, weights: Array) -> float:
        return 0.5 * self.weight * float(np.sum(np.square(weights), dtype=np.float64))

    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        np.multiply(weights, self.weight, out=scratch)
        grad += scratch
