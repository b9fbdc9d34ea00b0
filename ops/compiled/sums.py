"""Sums in a stated order, compiled."""

import numpy as np

from base.types import Array
from ops.compiled.arrays import whole
from ops.compiled.kernel import kernel
from ops.compiled.vector import lanes_of, load, load_part, store, store_part
from ops.formulas.sums import Sums

ROWS = 1024  # the most numbers in a chain of additions; longer sums are of several, added in order
NUMBERS = 128  # rows shorter than this are dealt out in turn to so many sums that together they are as long
LANES = 16  # sums that the numbers of a row are dealt out to in turn


class CompiledSums(Sums):
    """Sums of many numbers."""

    def column_sums(self, rows: Array, out: Array) -> Array:
        add_rows(whole(rows).reshape(-1, rows.shape[-1]), out)
        return out

    def total(self, array: Array) -> float:
        return float(_total(whole(array).reshape(-1)))


@kernel
def add_rows(rows, out):
    """out (C,) = the sum of rows (N, C).

    Of D = max(1, NUMBERS // C) sums, the d-th is of the rows d, d + D, d + 2 D, ..., in chains of ROWS rows that are
    added in order; then the D sums are added in order.
    """
    columns, flat = rows.shape[1], rows.reshape(-1)
    width = columns * max(1, NUMBERS // columns)
    chain, total = np.empty(width, rows.dtype), np.zeros(width, rows.dtype)
    for begun in range(0, flat.size, width * ROWS):
        chain.fill(0)
        for start in range(begun, min(begun + width * ROWS, flat.size), width):
            _add(chain, flat, start, min(width, flat.size - start))
        _add(total, chain, 0, width)
    out.fill(0)
    for start in range(0, width, columns):
        _add(out, total, start, columns)


@kernel
def _add(out, flat, start, count):
    """Add the numbers from flat[start] on to those of `out`."""
    lanes = lanes_of(flat)
    whole_vectors = count // lanes * lanes
    for i in range(0, whole_vectors, lanes):
        store(out, i, load(out, i) + load(flat, start + i))
    if whole_vectors < count:
        left = count - whole_vectors
        sums = load_part(out, whole_vectors, left) + load_part(flat, start + whole_vectors, left)
        store_part(out, whole_vectors, sums, left)


@kernel
def sum_of(flat, start, count, zero):
    """The sum of numbers from flat[start] on, in the type of `zero`.

    Each of LANES sums is of every LANES-th number, in order; then they are added in order.
    """
    total = zero
    if count <= LANES:
        for i in range(start, start + count):
            total += flat[i]
        return total
    lanes, whole_rows = np.zeros(LANES, type(zero)), count // LANES * LANES
    for begun in range(start, start + whole_rows, LANES):
        for lane in range(LANES):
            lanes[lane] += flat[begun + lane]
    for lane in range(count - whole_rows):
        lanes[lane] += flat[start + whole_rows + lane]
    for lane in range(LANES):
        total += lanes[lane]
    return total


@kernel
def _total(flat):
    return sum_of(flat, 0, flat.size, np.float64(0))
