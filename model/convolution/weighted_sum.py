"""Sums of arrays times fixed factors."""

import numpy as np

from base.types import Array


class WeightedSum:
    """factors[0] * arrays[0] + factors[1] * arrays[1] + ..., in few passes and with no memory but that of the sum.

    Arrays with equal factors are added before they are multiplied, the largest factors first: 4 a + 4 b - c is
    (a + b) * 4 - c, three passes.
    """

    def __init__(self, factors: list[float]) -> None:
        order = sorted(np.flatnonzero(factors), key=lambda index: (-abs(factors[index]), -factors[index]))
        self._first = int(order[0])
        self._steps: list[tuple[float, bool, int]] = []  # what to multiply by, then whether to add, and which array
        unit = factors[self._first]
        for index in order[1:]:
            adds = abs(factors[index]) != abs(unit) or factors[index] == unit
            following = factors[index] if abs(factors[index]) != abs(unit) else unit
            self._steps.append((unit / following, adds, int(index)))
            unit = following
        self._last = unit

    def write(self, arrays: list[Array] | Array, out: Array) -> None:
        """Write the sum of some arrays, which must be in the order of the factors."""
        total = arrays[self._first]
        for factor, adds, index in self._steps:
            if factor != 1:
                total = np.multiply(total, factor, out=out)
            total = (np.add if adds else np.subtract)(total, arrays[index], out=out)
        if self._last != 1 or not self._steps:
            np.multiply(total, self._last, out=out)
