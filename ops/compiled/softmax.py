"""Softmax, its logarithm, and cross-entropy, compiled. Sums over classes and samples are those of `sum_of`."""

import numpy as np

from base.types import Array
from ops.compiled import elementary
from ops.compiled.arrays import whole
from ops.compiled.kernel import kernel
from ops.compiled.sums import sum_of
from ops.formulas.softmax import Softmaxes


class CompiledSoftmaxes(Softmaxes):
    """Softmax, its logarithm, and cross-entropy."""

    def softmax(self, x: Array, out: Array) -> Array:
        _softmax(_rows(x), _rows(out))
        return out

    def softmax_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        _softmax_gradient(_rows(y), _rows(dy), _rows(out))
        return out

    def log_softmax(self, x: Array, out: Array) -> Array:
        _log_softmax(_rows(x), _rows(out))
        return out

    def log_softmax_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        _log_softmax_gradient(_rows(y), _rows(dy), _rows(out))
        return out

    def cross_entropy(self, z: Array, targets: Array, divisor: float, dz: Array) -> float:
        loss = _cross_entropy(whole(z), whole(targets.astype(np.int64, copy=False)), float(divisor), dz)
        return float(loss) / divisor

    def soft_cross_entropy(self, z: Array, q: Array, divisor: float, dz: Array) -> float:
        return float(_soft_cross_entropy(whole(z), whole(q), float(divisor), dz)) / divisor


def _rows(array: Array) -> Array:
    return whole(array).reshape(-1, array.shape[-1])


@kernel
def _subtract_largest(x, out):
    """The first step of each: out (N, C) = x less the largest of its row."""
    count, classes = x.shape
    for n in range(count):
        largest = x[n, 0]
        for c in range(1, classes):
            largest = x[n, c] if x[n, c] > largest else largest
        for c in range(classes):
            out[n, c] = x[n, c] - largest


@kernel
def _raise(rows):
    """e^x in the place of each x, of all rows at once: they are often short."""
    flat = rows.reshape(-1)
    for i in range(flat.size):
        flat[i] = elementary.exp(flat[i])


@kernel
def _row_sums(rows, out):
    (count, classes), flat = rows.shape, rows.reshape(-1)
    for n in range(count):
        out[n] = sum_of(flat, n * classes, classes, flat.dtype.type(0))


@kernel
def _multiply_rows(rows, factors):
    count, classes = rows.shape
    for n in range(count):
        for c in range(classes):
            rows[n, c] *= factors[n]


@kernel
def _softmax(x, out):
    sums = np.empty(len(x), x.dtype)
    _subtract_largest(x, out)
    _raise(out)
    _row_sums(out, sums)
    for n in range(len(x)):
        sums[n] = x.dtype.type(1) / sums[n]
    _multiply_rows(out, sums)


@kernel
def _softmax_gradient(y, dy, out):
    (count, classes), sums = y.shape, np.empty(len(y), y.dtype)
    for n in range(count):
        for c in range(classes):
            out[n, c] = y[n, c] * dy[n, c]
    _row_sums(out, sums)
    for n in range(count):
        for c in range(classes):
            out[n, c] = y[n, c] * (dy[n, c] - sums[n])


@kernel
def _log_softmax(x, out):
    (count, classes), powers, sums = x.shape, np.empty_like(x), np.empty(len(x), x.dtype)
    _subtract_largest(x, out)
    _subtract_largest(x, powers)
    _raise(powers)
    _row_sums(powers, sums)
    for n in range(count):
        logarithm = elementary.log(sums[n])
        for c in range(classes):
            out[n, c] -= logarithm


@kernel
def _log_softmax_gradient(y, dy, out):
    (count, classes), sums = y.shape, np.empty(len(y), y.dtype)
    _row_sums(dy, sums)
    for n in range(count):
        for c in range(classes):
            out[n, c] = y[n, c]
    _raise(out)
    for n in range(count):
        for c in range(classes):
            out[n, c] = dy[n, c] - out[n, c] * sums[n]


@kernel
def _cross_entropy(z, targets, divisor, dz):
    (count, classes), number = z.shape, z.dtype.type
    sums, losses = np.empty(count, z.dtype), np.empty(count, z.dtype)
    _subtract_largest(z, dz)
    for n in range(count):
        if targets[n] < 0 or targets[n] >= classes:
            raise IndexError("a target is not the index of a class")
        losses[n] = dz[n, targets[n]]
    _raise(dz)
    _row_sums(dz, sums)
    for n in range(count):
        losses[n] = elementary.log(sums[n]) - losses[n]
        sums[n] = number(1) / (sums[n] * number(divisor))
    _multiply_rows(dz, sums)
    for n in range(count):
        dz[n, targets[n]] -= number(1) / number(divisor)
    return sum_of(losses, 0, count, np.float64(0))


@kernel
def _soft_cross_entropy(z, q, divisor, dz):
    (count, classes), number = z.shape, z.dtype.type
    products, masses, losses = np.empty_like(z), np.empty(count, z.dtype), np.empty(count, z.dtype)
    sums, inverse = np.empty(count, z.dtype), number(1) / number(divisor)
    _subtract_largest(z, dz)
    for n in range(count):
        for c in range(classes):
            products[n, c] = q[n, c] * dz[n, c]
    _row_sums(products, losses)
    _row_sums(q, masses)
    _raise(dz)
    _row_sums(dz, sums)
    for n in range(count):
        losses[n] = masses[n] * elementary.log(sums[n]) - losses[n]
        sums[n] = masses[n] / sums[n]
    for n in range(count):
        for c in range(classes):
            dz[n, c] = (dz[n, c] * sums[n] - q[n, c]) * inverse
    return sum_of(losses, 0, count, np.float64(0))
