"""The elastic net: L1 and L2 penalty together."""

from base.base_regularizer import NormPenalty
from base.constraints import NonNegative


class ElasticNet(NormPenalty):
    """R = l1 * sum |w| + l2 / 2 * sum w^2, dR/dw = l1 * sign(w) + l2 * w. Zou and Hastie, JRSS B 67, 2005.

    l1: the strength of the absolute values.
    l2: the strength of the squares.
    """

    def __init__(self, l1: NonNegative, l2: NonNegative) -> None:
        super().__init__(l1, l2)
