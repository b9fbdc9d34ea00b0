"""Max-norm constraint."""

from base.base_regularizer import WeightBound
from base.constraints import Positive
from base.types import Array


class MaxNorm(WeightBound):
    """After each step, a unit's incoming weights w with |w| > max_norm become max_norm w / |w|; there is no penalty.

    |w| is the Euclidean norm, of a column of Linear (in, out), and of the kernel of an output channel of Conv2D
    (k, k, in, out). Srivastava et al., JMLR 15, 2014, section 5.1.

    max_norm: the largest norm; 3 to 4 is usual beside dropout.
    """

    def __init__(self, max_norm: Positive = 3.0) -> None:
        self.max_norm = max_norm

    def project(self, weight: Array) -> None:
        self.ops.bound_norms(weight.reshape(-1, weight.shape[-1]), self.max_norm)
