"""L2 penalty."""

from base.base_regularizer import NormPenalty
from base.constraints import NonNegative


class L2(NormPenalty):
    """R = weight / 2 * sum w^2, dR/dw = weight * w.

    weight: the strength; 1e-4 is a usual choice.
    """

    def __init__(self, weight: NonNegative) -> None:
        super().__init__(l1=0.0, l2=weight)
        self.weight = weight
