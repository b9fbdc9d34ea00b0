"""Softmax, its logarithm, and cross-entropy, compiled.

A sum over classes is of four sums, each of every fourth number, added as (a + b) + (c + d), to which then the last one
to three numbers are added. Kernels are given some arrays twice, as rows and as one: rows are often short.
"""

import numpy as np

from base.types import Array
from ops.class_indices import row_classes
from ops.compiled import elementary
from ops.compiled.arrays import whole, written
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.sums import total
from ops.formulas.softmax import Softmaxes


class CompiledSoftmaxes(Softmaxes):
    """Softmax, its logarithm, and cross-entropy."""

    def softmax(self, x: Array, out: Array) -> Array:
        _softmax(_rows(x), _rows(written(out)), out.reshape(-1))
        return out

    def softmax_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        _softmax_gradient(_rows(y), _rows(dy), _rows(written(out)))
        return out

    def log_softmax(self, x: Array, out: Array) -> Array:
        powers = np.empty(x.shape, x.dtype)
        _log_softmax(_rows(x), _rows(powers), powers.reshape(-1), _rows(written(out)))
        return out

    def log_softmax_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        _log_softmax_gradient(whole(y).reshape(-1), _rows(dy), _rows(written(out)), out.reshape(-1))
        return out

    def cross_entropy(self, z: Array, targets: Array, divisor: float, dz: Array) -> float:
        indices = whole(row_classes(targets, z))
        return float(_cross_entropy(whole(z), indices, float(divisor), written(dz), dz.reshape(-1))) / divisor

    def soft_cross_entropy(self, z: Array, q: Array, divisor: float, dz: Array) -> float:
        loss = _soft_cross_entropy(whole(z), whole(q), float(divisor), written(dz), dz.reshape(-1))
        return float(loss) / divisor


def _rows(array: Array) -> Array:
    return whole(array).reshape(-1, array.shape[-1])


@subroutine
def _subtract_largest(x, out):
    """The first step of each: out (N, C) = x less the largest of its row."""
    count, classes = x.shape
    for n in range(count):
        largest = x[n, 0]
        for c in range(1, classes):
            largest = x[n, c] if x[n, c] > largest else largest
        for c in range(classes):
            out[n, c] = x[n, c] - largest


@subroutine
def _raise(numbers):
    """e^x in the place of each x."""
    for i in range(numbers.size):
        numbers[i] = elementary.exp(numbers[i])


@subroutine
def _sum(rows, n):
    """The sum of a row."""
    classes, a = rows.shape[1], rows.dtype.type(0)
    b = c = d = a
    last = classes // 4 * 4
    for i in range(0, last, 4):
        a, b, c, d = a + rows[n, i], b + rows[n, i + 1], c + rows[n, i + 2], d + rows[n, i + 3]
    result = (a + b) + (c + d)
    for i in range(last, classes):
        result += rows[n, i]
    return result


@kernel
def _softmax(x, out, out_numbers):
    (count, classes), one = x.shape, x.dtype.type(1)
    _subtract_largest(x, out)
    _raise(out_numbers)
    for n in range(count):
        inverse = one / _sum(out, n)
        for c in range(classes):
            out[n, c] *= inverse


@kernel
def _softmax_gradient(y, dy, out):
    count, classes = y.shape
    for n in range(count):
        for c in range(classes):
            out[n, c] = y[n, c] * dy[n, c]
        weighted = _sum(out, n)
        for c in range(classes):
            out[n, c] = y[n, c] * (dy[n, c] - weighted)


@kernel
def _log_softmax(x, powers, power_numbers, out):
    count, classes = x.shape
    _subtract_largest(x, powers)
    _subtract_largest(x, out)
    _raise(power_numbers)
    for n in range(count):
        logarithm = elementary.log(_sum(powers, n))
        for c in range(classes):
            out[n, c] -= logarithm


@kernel
def _log_softmax_gradient(y_numbers, dy, out, out_numbers):
    count, classes = dy.shape
    for i in range(y_numbers.size):
        out_numbers[i] = elementary.exp(y_numbers[i])
    for n in range(count):
        above = _sum(dy, n)
        for c in range(classes):
            out[n, c] = dy[n, c] - out[n, c] * above


@kernel
def _cross_entropy(z, targets, divisor, dz, dz_numbers):
    """The sum of the losses."""
    (count, classes), one, losses = z.shape, z.dtype.type(1), np.empty(len(z), z.dtype)
    _subtract_largest(z, dz)
    for n in range(count):
        losses[n] = dz[n, targets[n]]
    _raise(dz_numbers)
    share = one / z.dtype.type(divisor)
    for n in range(count):
        mass = _sum(dz, n)
        losses[n] = elementary.log(mass) - losses[n]
        scale = share / mass
        for c in range(classes):
            dz[n, c] *= scale
        dz[n, targets[n]] -= share
    return total(losses)


@kernel
def _soft_cross_entropy(z, q, divisor, dz, dz_numbers):
    """The sum of the losses."""
    (count, classes), losses = z.shape, np.empty(len(z), z.dtype)
    _subtract_largest(z, dz)
    products, zero = np.empty((1, classes), z.dtype), z.dtype.type(0)
    for n in range(count):
        for c in range(classes):
            products[0, c] = zero if q[n, c] == zero else q[n, c] * dz[n, c]
        losses[n] = _sum(products, 0)
    _raise(dz_numbers)
    share = z.dtype.type(1) / z.dtype.type(divisor)
    for n in range(count):
        whole_, mass = _sum(q, n), _sum(dz, n)
        losses[n] = whole_ * elementary.log(mass) - losses[n]
        scale = whole_ / mass
        for c in range(classes):
            dz[n, c] = (dz[n, c] * scale - q[n, c]) * share
    return total(losses)
