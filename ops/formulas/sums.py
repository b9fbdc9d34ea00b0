"""Sums in a stated order."""

import numpy as np

from base.types import Array

MANY = 2**16  # rows: what is summed over more of them is summed in float64, as float32 would lose digits


class Sums:
    """Sums of many numbers."""

    def column_sums(self, rows: Array, out: Array) -> Array:
        """The sum over all axes but the last: (..., C) to (C,)."""
        rows = rows.reshape(-1, out.size)
        out[...] = np.sum(rows, axis=0, dtype=np.float64 if len(rows) > MANY else None)
        return out

    def total(self, array: Array) -> float:
        """The sum of all numbers, in float64."""
        return float(np.sum(array, dtype=np.float64))


def sum_over_samples(dy: Array, out: Array) -> None:
    """out (C,) = the sum of dy (N, ..., C) over samples first and then over positions: several short chains.

    Of more than MANY numbers a channel there is one chain, in float64.
    """
    if dy.size > MANY * out.size:
        out[...] = np.sum(dy.reshape(-1, out.size), axis=0, dtype=np.float64)
    else:
        np.sum(np.sum(dy, axis=0), axis=tuple(range(dy.ndim - 2)), out=out)
