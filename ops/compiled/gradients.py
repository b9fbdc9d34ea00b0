"""Gradients, compiled: the sum over shards, penalties, norms, clipping, and what else is done to whole vectors.

Sums are in float64 and 32 lanes: lane k adds numbers k, k + 32, ... in order; then the lanes are added in order.
"""

from collections.abc import Sequence

import numpy as np

from base.types import Array
from ops.compiled.arrays import whole
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.vector import (
    constant,
    fma,
    is_larger,
    lanes_of,
    load,
    load_part,
    load_wide,
    sqrt,
    store,
    store_part,
    where,
)
from ops.formulas.update import Updates
from ops.tree_sum import split_point

LANES = 32
BLOCK = 2048  # numbers that one loop after the other works on, in the first cache
ROWS = 1024  # the most rows in a chain of additions; longer sums are of several, added in order
_AT_ONCE = 4  # shards that one pass adds


class CompiledGradients(Updates):
    """From the gradients of shards to one that is summed, penalised and clipped."""

    piece = 2**18  # nothing is allocated, and each piece costs some microseconds of Python

    def sum_shards(self, grads: Sequence[Array], w: Array, l1: float = 0.0, l2: float = 0.0) -> float:
        terms = _subtrees(grads)
        a, b, c, d = (*terms, *terms[:1] * (_AT_ONCE - len(terms)))
        return _sum_shards(a, b, c, d, len(terms), w, float(l1), float(l2))

    def add_penalty_gradient(self, w: Array, g: Array, l1: float, l2: float) -> None:
        _add_penalty(w, g, float(l1), float(l2), 0, g.size)

    def sum_of_squares(self, x: Array) -> float:
        return _sum_of_squares(whole(x).reshape(-1))

    def sum_of_magnitudes(self, x: Array) -> float:
        return _sum_of_magnitudes(whole(x).reshape(-1))

    def all_finite(self, x: Array) -> bool:
        return _all_finite(whole(x).reshape(-1))

    def scale(self, x: Array, factor: float) -> None:
        _scale(x, float(factor))

    def clip(self, x: Array, limit: float) -> None:
        _clip(x, float(limit))

    def move_average(self, average: Array, x: Array, keep: float) -> None:
        _move_average(average, whole(x), float(keep))

    def bound_norms(self, weight: Array, limit: float) -> None:
        _bound_norms(weight, float(limit))


def _subtrees(grads: Sequence[Array]) -> list[Array]:
    """At most `_AT_ONCE` vectors whose tree is that of all; larger subtrees are added up first, each in its first."""
    if len(grads) <= _AT_ONCE:
        return list(grads)
    middle = split_point(len(grads))
    return [_added(grads[:middle]), _added(grads[middle:])]


def _added(grads: Sequence[Array]) -> Array:
    terms = _subtrees(grads)
    a, b, c, d = (*terms, *terms[:1] * (_AT_ONCE - len(terms)))
    _add_shards(a, b, c, d, len(terms), 0, a.size)
    return a


@subroutine
def get(array, i, count):
    """`load`, or `load_part` where fewer numbers are left than a vector has."""
    return load(array, i) if count == lanes_of(array) else load_part(array, i, count)


@subroutine
def put(array, i, value, count):
    """`store`, or `store_part` where fewer numbers are left than a vector has."""
    if count == lanes_of(array):
        store(array, i, value)
    else:
        store_part(array, i, value, count)


@subroutine
def sign(array, x):
    """1, -1, or for 0 and nan what NumPy gives."""
    zero = constant(array, 0.0)
    number = where(is_larger(zero, x), constant(array, -1.0), x + zero)
    return where(is_larger(x, zero), constant(array, 1.0), number)


@kernel
def _sum_shards(a, b, c, d, count, w, l1, l2):
    lanes = np.zeros(LANES)
    for start in range(0, a.size, BLOCK):
        stop = min(start + BLOCK, a.size)
        _add_shards(a, b, c, d, count, start, stop)
        _add_penalty(w, a, l1, l2, start, stop)
        _add_squares(a, lanes, start, stop)
    return _total(lanes)


@kernel
def _add_shards(a, b, c, d, count, start, stop):
    """a = the tree of the first `count` of the four."""
    if count == 1:
        return
    lanes = lanes_of(a)
    for i in range(start, stop, lanes):
        n = min(lanes, stop - i)
        total = get(a, i, n) + get(b, i, n)
        if count == 4:
            total = total + (get(c, i, n) + get(d, i, n))
        elif count == 3:
            total = total + get(c, i, n)
        put(a, i, total, n)


@kernel
def _add_penalty(w, g, l1, l2, start, stop):
    if l1 == 0 and l2 == 0:
        return
    lanes, magnitudes, squares = lanes_of(g), constant(g, l1), constant(g, l2)
    for i in range(start, stop, lanes):
        n = min(lanes, stop - i)
        weight, total = get(w, i, n), get(g, i, n)
        if l1 != 0:
            total = total + magnitudes * sign(g, weight)
        if l2 != 0:
            total = total + squares * weight
        put(g, i, total, n)


@subroutine
def _add_squares(x, lanes, start, stop):
    """Add squares to the lanes; `start` is a multiple of their number."""
    last = start + (stop - start) // LANES * LANES
    total = load_wide(lanes, 0)
    for i in range(start, last, LANES):
        number = load_wide(x, i)
        total = fma(number, number, total)
    store(lanes, 0, total)
    for i in range(last, stop):
        lanes[i - last] += np.float64(x[i]) * np.float64(x[i])


@subroutine
def _total(lanes):
    total = lanes[0]
    for lane in range(1, LANES):
        total += lanes[lane]
    return total


@kernel
def _sum_of_squares(x):
    lanes = np.zeros(LANES)
    _add_squares(x, lanes, 0, x.size)
    return _total(lanes)


@kernel
def _sum_of_magnitudes(x):
    lanes = np.zeros(LANES)
    zero = total = load_wide(lanes, 0)
    last = x.size // LANES * LANES
    for i in range(0, last, LANES):
        number = load_wide(x, i)
        total = total + where(is_larger(zero, number), zero - number, number)
    store(lanes, 0, total)
    for i in range(last, x.size):
        lanes[i - last] += abs(np.float64(x[i]))
    return _total(lanes)


@kernel
def _all_finite(x):
    """x - x is 0 for a finite number, and nan for any other."""
    lanes, zero = lanes_of(x), constant(x, 0.0)
    a = b = c = d = zero
    last = x.size // (4 * lanes) * (4 * lanes)
    for i in range(0, last, 4 * lanes):
        a = a + (load(x, i) - load(x, i))
        b = b + (load(x, i + lanes) - load(x, i + lanes))
        c = c + (load(x, i + 2 * lanes) - load(x, i + 2 * lanes))
        d = d + (load(x, i + 3 * lanes) - load(x, i + 3 * lanes))
    for i in range(last, x.size, lanes):
        number = get(x, i, min(lanes, x.size - i))
        a = a + (number - number)
    found = np.empty(lanes, x.dtype)
    store(found, 0, (a + b) + (c + d))
    total = found[0]
    for lane in range(1, lanes):
        total += found[lane]
    return total == 0


@kernel
def _scale(x, factor):
    lanes, times = lanes_of(x), constant(x, factor)
    for i in range(0, x.size, lanes):
        n = min(lanes, x.size - i)
        put(x, i, get(x, i, n) * times, n)


@kernel
def _clip(x, limit):
    lanes, low, high = lanes_of(x), constant(x, -limit), constant(x, limit)
    for i in range(0, x.size, lanes):
        n = min(lanes, x.size - i)
        number = get(x, i, n)
        number = where(is_larger(low, number), low, number)
        put(x, i, where(is_larger(number, high), high, number), n)


@kernel
def _move_average(average, x, keep):
    lanes, kept, new = lanes_of(x), constant(x, keep), constant(x, 1 - keep)
    for i in range(0, x.size, lanes):
        n = min(lanes, x.size - i)
        put(average, i, kept * get(average, i, n) + new * get(x, i, n), n)


@kernel
def _bound_norms(weight, limit):
    """A column's squares are added in chains of ROWS rows, from the first on, which are added in order."""
    rows, columns = weight.shape
    lanes, one = lanes_of(weight), constant(weight, 1.0)
    longest, square = constant(weight, limit), constant(weight, limit * limit)
    for column in range(0, columns, lanes):
        n = min(lanes, columns - column)
        squares = constant(weight, 0.0)
        for begun in range(0, rows, ROWS):
            chain = constant(weight, 0.0)
            for row in range(begun, min(begun + ROWS, rows)):
                number = get(weight, row * columns + column, n)
                chain = chain + number * number
            squares = squares + chain
        factor = where(is_larger(squares, square), longest / sqrt(squares), one)
        for row in range(rows):
            put(weight, row * columns + column, get(weight, row * columns + column, n) * factor, n)
