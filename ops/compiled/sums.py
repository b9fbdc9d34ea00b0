"""Sums in a stated order, compiled."""

import numpy as np

from base.types import Array
from ops.compiled.arrays import whole
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.vector import constant, lanes_of, load, load_part, load_wide, store, store_part
from ops.formulas.sums import MANY, Sums

ROWS = 1024  # the most numbers in a chain of additions; longer sums are of several, added in order
NUMBERS = 128  # rows shorter than this are dealt out in turn to so many sums that together they are as long
LANES = 32  # sums that the numbers of a total are dealt out to in turn


class CompiledSums(Sums):
    """Sums of many numbers."""

    def column_sums(self, rows: Array, out: Array) -> Array:
        add_rows(whole(rows).reshape(-1, rows.shape[-1]), out)
        return out

    def total(self, array: Array) -> float:
        return float(total(whole(array).reshape(-1)))


@kernel
def add_rows(rows, out):
    """out (C,) = the sum of rows (N, C).

    Of D = max(1, NUMBERS // C) sums, the d-th is of the rows d, d + D, d + 2 D, ..., in chains of ROWS rows that are
    added in order; then the D sums are added in order. Of more than MANY rows there is one sum, in float64.
    """
    if len(rows) > MANY:
        _add_in_float64(rows, out)
        return
    columns, size = rows.shape[1], rows.size
    width = columns * max(1, NUMBERS // columns)
    sums = np.empty((2, width), rows.dtype)  # of a chain, and of all of them
    _clear(sums, 0, 2 * width)
    for begun in range(0, size, width * ROWS):
        _clear(sums, 0, width)
        for start in range(begun, min(begun + width * ROWS, size), width):
            add(sums, 0, rows, start, min(width, size - start))
        add(sums, width, sums, 0, width)
    for start in range(width + columns, 2 * width, columns):
        add(sums, width, sums, start, columns)
    for column in range(columns):
        out[column] = sums[1, column]


@subroutine
def _add_in_float64(rows, out):
    """out (C,) = the sum of rows (N, C), one after the other."""
    count, columns = rows.shape
    sums = np.zeros(columns)
    for row in range(count):
        for column in range(columns):
            sums[column] += np.float64(rows[row, column])
    for column in range(columns):
        out[column] = sums[column]


@subroutine
def _clear(sums, at, count):
    lanes, zero = lanes_of(sums), constant(sums, 0.0)
    for i in range(0, count, lanes):
        store_part(sums, at + i, zero, min(lanes, count - i))


@subroutine
def add(sums, at, rows, start, count):
    """Add as many numbers, those from index `start` on, to those from index `at` on, counted through all axes."""
    lanes = lanes_of(rows)
    last = count // lanes * lanes
    for i in range(0, last, lanes):
        store(sums, at + i, load(sums, at + i) + load(rows, start + i))
    if last < count:
        left = count - last
        part = load_part(sums, at + last, left) + load_part(rows, start + last, left)
        store_part(sums, at + last, part, left)


@kernel
def total(numbers):
    """The sum of a row of numbers, in float64: LANES sums, each of every LANES-th number, are added in order."""
    lanes, last = np.zeros(LANES), numbers.size // LANES * LANES
    sums = load_wide(lanes, 0)
    for i in range(0, last, LANES):
        sums = sums + load_wide(numbers, i)
    store(lanes, 0, sums)
    for i in range(last, numbers.size):
        lanes[i - last] += np.float64(numbers[i])
    result = 0.0
    for lane in range(LANES):
        result += lanes[lane]
    return result
