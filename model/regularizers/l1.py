"""The sum of absolute values as a penalty."""

import numpy as np

from base.base_regularizer import BaseRegularizer
from base.constraints import NonNegative
from base.types import Array


class L1(BaseRegularizer):
    """R = weight * sum |w|, dR/dw = weight * sign(w), 0 at 0; it drives weights that matter little towards 0.

    weight: the strength; 1e-5 is a usual choice.
    """

    def __init__(self, weight: NonNegative) -> None:
        self.weight = weight

    def penalty(self, weights: Array) -> float:
        return self.weight * float(np.sum(np.abs(weights), dtype=np.float64))

    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        np.sign(weights, out=scratch)
        scratch *= self.weight
        grad += scratch
