"""From the gradients of shards to new parameters.

Letters are those of the papers: w the parameters, g their gradient, m and v averages of g and g^2. All arrays are
vectors (P,) of one type. The rules of optimizers change w and their state in place, and leave g as it is. With
weight_decay they use g + weight_decay w for g; where decay is decoupled, w shrinks by lr weight_decay w first.

Where g^2 alone overflows, (1 - b) g^2 is made as ((1 - b) g) g, as PyTorch makes it: one gradient of 1e20 in float32
would leave an infinite v behind, and no step would ever change that parameter again.
"""

import math
from collections.abc import Sequence

import numpy as np

from base.types import Array
from ops.tree_sum import tree_sum


class Updates:
    """From the gradients of shards to new parameters."""

    piece = 2**15  # numbers that an update works on at a time, so that what formulas allocate stays in the cache

    def sum_shards(self, grads: Sequence[Array], w: Array, l1: float = 0.0, l2: float = 0.0) -> float:
        """g = the sum of the shards' gradients as a binary tree + l1 sign(w) + l2 w; returns the sum of g^2.

        g is written over the first of the gradients; the others may be overwritten too.
        """
        g = grads[0]
        g[...] = tree_sum(grads)
        self.add_penalty_gradient(w, g, l1, l2)
        return self.sum_of_squares(g)

    def add_penalty_gradient(self, w: Array, g: Array, l1: float, l2: float) -> None:
        """g += d/dw (l1 |w| + l2 / 2 w^2)."""
        if l1:
            g += l1 * np.sign(w)
        if l2:
            g += l2 * w

    def sum_of_squares(self, x: Array) -> float:
        """The sum of x^2, in float64."""
        x = x.reshape(-1).astype(np.float64)
        return float(x @ x)

    def sum_of_magnitudes(self, x: Array) -> float:
        """The sum of |x|, in float64."""
        return float(np.sum(np.abs(x), dtype=np.float64))

    def all_finite(self, x: Array) -> bool:
        """True if no number is nan or infinite."""
        return bool(np.isfinite(x).all())

    def scale(self, x: Array, factor: float) -> None:
        """x *= factor."""
        x *= factor

    def clip(self, x: Array, limit: float) -> None:
        """x = min(max(x, -limit), limit)."""
        np.clip(x, -limit, limit, out=x)

    def move_average(self, average: Array, x: Array, keep: float) -> None:
        """average = keep average + (1 - keep) x."""
        average[...] = keep * average + (1 - keep) * x

    def bound_norms(self, weight: Array, limit: float) -> None:
        """Columns w of weight (K, U) whose Euclidean norm exceeds the limit become limit w / |w|."""
        squares = np.sum(weight * weight, axis=0)
        above = squares > limit * limit
        weight[:, above] *= limit / np.sqrt(squares[above])

    def sgd(
        self,
        w: Array,
        g: Array,
        v: Array | None,
        lr: float,
        momentum: float,
        dampening: float,
        nesterov: bool,
        weight_decay: float,
    ) -> None:
        """v = momentum v + (1 - dampening) g; w -= lr v, or lr (g + momentum v) with nesterov, or lr g without v."""
        if weight_decay:
            g = g + weight_decay * w
        if v is None:
            w -= lr * g
            return
        v[...] = momentum * v + (1 - dampening) * g
        w -= lr * (g + momentum * v if nesterov else v)

    def adam(
        self,
        w: Array,
        g: Array,
        m: Array,
        v: Array,
        v_max: Array | None,
        lr: float,
        betas: tuple[float, float],
        corrections: tuple[float, float],
        eps: float,
        weight_decay: float,
        decoupled: bool,
    ) -> None:
        """m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= lr m_hat / (sqrt(v_hat) + eps).

        m_hat = m / (1 - b1^t) and v_hat = v / (1 - b2^t) are m and v times the corrections; with v_max (amsgrad), v_hat
        is made of the largest v so far.
        """
        beta1, beta2 = betas
        if decoupled:
            w *= 1 - lr * weight_decay
        elif weight_decay:
            g = g + weight_decay * w
        m[...] = beta1 * m + (1 - beta1) * g
        v[...] = beta2 * v + _scaled_square(1 - beta2, g)
        if v_max is not None:
            v = np.maximum(v_max, v, out=v_max)
        m_hat = m * corrections[0]
        w -= lr * m_hat / (_root_of_product(v, corrections[1]) + eps)

    def adagrad(self, w: Array, g: Array, v: Array, lr: float, eps: float, weight_decay: float) -> None:
        """v = v + g^2; w -= lr g / (sqrt(v) + eps)."""
        if weight_decay:
            g = g + weight_decay * w
        v += g * g
        w -= lr * g / (np.sqrt(v) + eps)

    def adadelta(
        self, w: Array, g: Array, v: Array, u: Array, lr: float, rho: float, eps: float, weight_decay: float
    ) -> None:
        """v = rho v + (1 - rho) g^2; d = sqrt(u + eps) / sqrt(v + eps) g; u = rho u + (1 - rho) d^2; w -= lr d."""
        if weight_decay:
            g = g + weight_decay * w
        v[...] = rho * v + _scaled_square(1 - rho, g)
        d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
        u[...] = rho * u + (1 - rho) * (d * d)
        w -= lr * d

    def rmsprop(
        self,
        w: Array,
        g: Array,
        v: Array,
        m: Array | None,
        u: Array | None,
        lr: float,
        alpha: float,
        eps: float,
        momentum: float,
        weight_decay: float,
    ) -> None:
        """v = alpha v + (1 - alpha) g^2; d = g / (sqrt(v) + eps); u = momentum u + d; w -= lr u, or lr d without u.

        With the average of gradients m = alpha m + (1 - alpha) g (centered), v - m^2, at least 0, stands for v.
        """
        if weight_decay:
            g = g + weight_decay * w
        v[...] = alpha * v + _scaled_square(1 - alpha, g)
        variance = v
        if m is not None:
            m += (1 - alpha) * (g - m)
            variance = np.maximum(v - m * m, 0)
        d = g / (np.sqrt(variance) + eps)
        if u is not None:
            u[...] = d = momentum * u + d
        w -= lr * d

    def lion(self, w: Array, g: Array, m: Array, lr: float, betas: tuple[float, float], weight_decay: float) -> None:
        """w -= lr weight_decay w; w -= lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g."""
        beta1, beta2 = betas
        w *= 1 - lr * weight_decay
        w -= lr * np.sign(beta1 * m + (1 - beta1) * g)
        m[...] = beta2 * m + (1 - beta2) * g


def _scaled_square(factor: float, g: Array) -> Array:
    """factor g^2, which is finite also where g^2 is not and the product is."""
    with np.errstate(over="ignore"):
        square = g * g
        return np.where(np.isinf(square), (factor * g) * g, factor * square)


def _root_of_product(v: Array, factor: float) -> Array:
    """The root of factor v, which is finite where v is."""
    with np.errstate(over="ignore"):
        product = v * factor
    return np.where(np.isinf(product), np.sqrt(v) * math.sqrt(factor), np.sqrt(product))
