"""Absolute values and squares together as a penalty."""

from base.base_regularizer import BaseRegularizer
from base.constraints import NonNegative
from base.types import Array
from model.regularizers.l1 import L1
from model.regularizers.l2 import L2


class ElasticNet(BaseRegularizer):
    """R = l1 * sum |w| + l2 / 2 * sum w^2, dR/dw = l1 * sign(w) + l2 * w. Zou and Hastie, JRSS B 67, 2005.

    l1: the strength of the absolute values.
    l2: the strength of the squares.
    """

    def __init__(self, l1: NonNegative, l2: NonNegative) -> None:
        self.l1 = l1
        self.l2 = l2
        self._terms = (L1(l1), L2(l2))

    def penalty(self, weights: Array) -> float:
        return sum(term.penalty(weights) for term in self._terms)

    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        for term in self._terms:
            term.add_gradient(weights, grad, scratch)
