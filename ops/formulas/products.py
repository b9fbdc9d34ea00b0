"""Products of matrices: Linear, forward and backward."""

import numpy as np

from base.types import Array
from ops.formulas.sums import sum_over_samples


class Products:
    """Products of matrices, with samples as rows."""

    def linear(self, x: Array, weight: Array, bias: Array | None, out: Array) -> Array:
        """y = x W + b, for x (N, K), W (K, M) and b (M,)."""
        np.matmul(x, weight, out=out)
        if bias is not None:
            out += bias
        return out

    def linear_weight_gradient(self, x: Array, dy: Array, weight_grad: Array, bias_grad: Array | None) -> None:
        """dL/dW = x^T dL/dy, and dL/db = the sum of dL/dy over samples."""
        np.matmul(x.T, dy, out=weight_grad)
        if bias_grad is not None:
            sum_over_samples(dy, bias_grad)

    def linear_input_gradient(self, dy: Array, weight: Array, out: Array) -> Array:
        """dL/dx = dL/dy W^T."""
        return np.matmul(dy, weight.T, out=out)
