"""Optimizers, compiled: one pass over memory for each.

Rules treat each number by itself, in the formulas' order of + - * / and sqrt: they give NumPy's bits.
"""

import math

from base.types import Array
from ops.compiled.arrays import optional
from ops.compiled.gradients import get, put, sign
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.vector import constant, is_equal, is_larger, lanes_of, sqrt, where
from ops.formulas.update import Updates


class CompiledOptimizers(Updates):
    """Rules that change parameters by their gradients."""

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
        _sgd(w, g, optional(v, w), float(lr), float(momentum), float(dampening), nesterov, float(weight_decay))

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
        beta1, beta2 = map(float, betas)
        correction1, correction2 = map(float, corrections)
        held, decay = optional(v_max, w), float(weight_decay)
        _adam(w, g, m, v, held, float(lr), beta1, beta2, correction1, correction2, float(eps), decay, decoupled)

    def adagrad(self, w: Array, g: Array, v: Array, lr: float, eps: float, weight_decay: float) -> None:
        _adagrad(w, g, v, float(lr), float(eps), float(weight_decay))

    def adadelta(
        self, w: Array, g: Array, v: Array, u: Array, lr: float, rho: float, eps: float, weight_decay: float
    ) -> None:
        _adadelta(w, g, v, u, float(lr), float(rho), float(eps), float(weight_decay))

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
        mean, velocity, decay = optional(m, w), optional(u, w), float(weight_decay)
        _rmsprop(w, g, v, mean, velocity, float(lr), float(alpha), float(eps), float(momentum), decay)

    def lion(self, w: Array, g: Array, m: Array, lr: float, betas: tuple[float, float], weight_decay: float) -> None:
        beta1, beta2 = map(float, betas)
        _lion(w, g, m, float(lr), beta1, beta2, float(weight_decay))


@subroutine
def _scaled_square(factor, g, infinite):
    """factor g^2, which is finite also where g^2 is not and the product is."""
    square = g * g
    return where(is_equal(square, infinite), (factor * g) * g, factor * square)


@kernel
def _sgd(w, g, v, lr, momentum, dampening, nesterov, weight_decay):
    lanes, rate, decay = lanes_of(w), constant(w, lr), constant(w, weight_decay)
    kept, share = constant(w, momentum), constant(w, 1 - dampening)
    for i in range(0, w.size, lanes):
        n = min(lanes, w.size - i)
        weight = get(w, i, n)
        step = get(g, i, n)
        if weight_decay != 0:
            step = step + decay * weight
        if v.size:
            velocity = kept * get(v, i, n) + share * step
            put(v, i, velocity, n)
            step = step + kept * velocity if nesterov else velocity
        put(w, i, weight - rate * step, n)


@kernel
def _adam(w, g, m, v, v_max, lr, beta1, beta2, correction1, correction2, eps, weight_decay, decoupled):
    lanes, rate, least = lanes_of(w), constant(w, lr), constant(w, eps)
    decay, shrink = constant(w, weight_decay), constant(w, 1 - lr * weight_decay)
    kept1, new1, unbias1 = constant(w, beta1), constant(w, 1 - beta1), constant(w, correction1)
    kept2, new2, unbias2 = constant(w, beta2), constant(w, 1 - beta2), constant(w, correction2)
    infinite, root2 = constant(w, math.inf), constant(w, math.sqrt(correction2))
    for i in range(0, w.size, lanes):
        n = min(lanes, w.size - i)
        weight, grad = get(w, i, n), get(g, i, n)
        if decoupled:
            weight = weight * shrink
        elif weight_decay != 0:
            grad = grad + decay * weight
        mean = kept1 * get(m, i, n) + new1 * grad
        square = kept2 * get(v, i, n) + _scaled_square(new2, grad, infinite)
        put(m, i, mean, n)
        put(v, i, square, n)
        if v_max.size:
            largest = get(v_max, i, n)
            square = where(is_larger(largest, square), largest, square)
            put(v_max, i, square, n)
        product = square * unbias2
        root = where(is_equal(product, infinite), sqrt(square) * root2, sqrt(product))
        put(w, i, weight - rate * (mean * unbias1) / (root + least), n)


@kernel
def _adagrad(w, g, v, lr, eps, weight_decay):
    lanes, rate, least, decay = lanes_of(w), constant(w, lr), constant(w, eps), constant(w, weight_decay)
    for i in range(0, w.size, lanes):
        n = min(lanes, w.size - i)
        weight = get(w, i, n)
        grad = get(g, i, n)
        if weight_decay != 0:
            grad = grad + decay * weight
        total = get(v, i, n) + grad * grad
        put(v, i, total, n)
        put(w, i, weight - rate * grad / (sqrt(total) + least), n)


@kernel
def _adadelta(w, g, v, u, lr, rho, eps, weight_decay):
    lanes, rate, least, decay = lanes_of(w), constant(w, lr), constant(w, eps), constant(w, weight_decay)
    kept, new, infinite = constant(w, rho), constant(w, 1 - rho), constant(w, math.inf)
    for i in range(0, w.size, lanes):
        n = min(lanes, w.size - i)
        weight = get(w, i, n)
        grad = get(g, i, n)
        if weight_decay != 0:
            grad = grad + decay * weight
        square = kept * get(v, i, n) + _scaled_square(new, grad, infinite)
        put(v, i, square, n)
        changes = get(u, i, n)
        change = sqrt(changes + least) / sqrt(square + least) * grad
        put(u, i, kept * changes + new * (change * change), n)
        put(w, i, weight - rate * change, n)


@kernel
def _rmsprop(w, g, v, m, u, lr, alpha, eps, momentum, weight_decay):
    lanes, rate, least, decay = lanes_of(w), constant(w, lr), constant(w, eps), constant(w, weight_decay)
    kept, new, zero, momenta = constant(w, alpha), constant(w, 1 - alpha), constant(w, 0.0), constant(w, momentum)
    infinite = constant(w, math.inf)
    for i in range(0, w.size, lanes):
        n = min(lanes, w.size - i)
        weight = get(w, i, n)
        grad = get(g, i, n)
        if weight_decay != 0:
            grad = grad + decay * weight
        square = kept * get(v, i, n) + _scaled_square(new, grad, infinite)
        put(v, i, square, n)
        if m.size:
            mean = get(m, i, n)
            mean = mean + new * (grad - mean)
            put(m, i, mean, n)
            square = square - mean * mean
            square = where(is_larger(zero, square), zero, square)
        step = grad / (sqrt(square) + least)
        if u.size:
            step = momenta * get(u, i, n) + step
            put(u, i, step, n)
        put(w, i, weight - rate * step, n)


@kernel
def _lion(w, g, m, lr, beta1, beta2, weight_decay):
    lanes, rate, shrink = lanes_of(w), constant(w, lr), constant(w, 1 - lr * weight_decay)
    kept1, new1, kept2, new2 = constant(w, beta1), constant(w, 1 - beta1), constant(w, beta2), constant(w, 1 - beta2)
    for i in range(0, w.size, lanes):
        n = min(lanes, w.size - i)
        weight, grad, mean = get(w, i, n), get(g, i, n), get(m, i, n)
        put(w, i, weight * shrink - rate * sign(w, kept1 * mean + new1 * grad), n)
        put(m, i, kept2 * mean + new2 * grad, n)
