"""Softmax, its logarithm, and cross-entropy."""

import numpy as np

from base.types import Array
from ops.class_indices import row_classes


class Softmaxes:
    """Softmax, its logarithm, and cross-entropy, over the last axis; the largest is subtracted: nothing overflows."""

    def softmax(self, x: Array, out: Array) -> Array:
        """y_i = e^x_i / sum_j e^x_j."""
        powers = np.exp(x - x.max(axis=-1, keepdims=True))
        return np.divide(powers, powers.sum(axis=-1, keepdims=True), out=out)

    def softmax_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        """dL/dx_i = y_i (dL/dy_i - sum_j y_j dL/dy_j)."""
        return np.multiply(y, dy - (y * dy).sum(axis=-1, keepdims=True), out=out)

    def log_softmax(self, x: Array, out: Array) -> Array:
        """y_i = x_i - log sum_j e^x_j."""
        shifted = x - x.max(axis=-1, keepdims=True)
        return np.subtract(shifted, np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), out=out)

    def log_softmax_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        """dL/dx_i = dL/dy_i - e^y_i sum_j dL/dy_j."""
        return np.subtract(dy, np.exp(y) * dy.sum(axis=-1, keepdims=True), out=out)

    def cross_entropy(self, z: Array, targets: Array, divisor: float, dz: Array) -> float:
        """L = -(1 / divisor) sum_n log p_n[t_n] with p = softmax(z), for logits z (N, C) and class indices t (N,).

        dL/dz (N, C) = (p - one_hot(t)) / divisor goes to `dz`. Raises IndexError for an index that is none.
        """
        targets = row_classes(targets, z)
        shifted, samples = z - z.max(axis=1, keepdims=True), np.arange(len(z))
        powers = np.exp(shifted)
        sums = powers.sum(axis=1, keepdims=True)
        np.divide(powers, sums * divisor, out=dz)
        dz[samples, targets] -= 1 / divisor
        return float(np.sum(np.log(sums[:, 0]) - shifted[samples, targets], dtype=np.float64)) / divisor

    def soft_cross_entropy(self, z: Array, q: Array, divisor: float, dz: Array) -> float:
        """L = -(1 / divisor) sum_n sum_c q_nc log p_nc with p = softmax(z), for logits z (N, C) and any q (N, C).

        dL/dz_nc = (p_nc sum_k q_nk - q_nc) / divisor goes to `dz`. Where q is 0, a z of -inf adds nothing to L.
        """
        shifted, mass = z - z.max(axis=1, keepdims=True), q.sum(axis=1, keepdims=True)
        powers = np.exp(shifted)
        sums = powers.sum(axis=1, keepdims=True)
        np.divide(powers * (mass / sums) - q, divisor, out=dz)
        products = np.multiply(q, shifted, out=np.zeros_like(shifted), where=q != 0)
        return float(np.sum(mass * np.log(sums), dtype=np.float64) - np.sum(products, dtype=np.float64)) / divisor
