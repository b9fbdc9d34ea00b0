"""Sums in a stated order."""

import numpy as np

from base.types import Array


class Sums:
    """Sums of many numbers."""

    def column_sums(self, rows: Array, out: Array) -> Array:
        """The sum over all axes but the last: (..., C) to (C,)."""
        return np.sum(rows.reshape(-1, rows.shape[-1]), axis=0, out=out)

    def total(self, array: Array) -> float:
        """The sum of all numbers, in float64."""
        return float(np.sum(array, dtype=np.float64))
