"""L1 penalty."""

from base.base_regularizer import NormPenalty
from base.constraints import NonNegative


class L1(NormPenalty):
    """R = weight * sum |w|, dR/dw = weight * sign(w), 0 at 0; it drives weights that matter little towards 0.

    weight: the strength; 1e-5 is a usual choice.
    """

    def __init__(self, weight: NonNegative) -> None:
        super().__init__(l1=weight, l2=0.0)
        self.weight = weight
