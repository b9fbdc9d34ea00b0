"""Stored samples as scaled numbers."""

import numpy as np

from base.types import Array


class Inputs:
    """Stored samples as scaled numbers."""

    def read_inputs(
        self, stored: Array, rows: Array, offset: Array | None, divisor: float | Array, out: Array
    ) -> Array:
        """out = (stored[rows] - offset) / divisor, in the type of `out`.

        With an offset in float64, rounded once: float32 would round large numbers that differ little, and their mean.
        """
        samples = stored[rows]
        if offset is None:
            return np.divide(samples, divisor, out=out, dtype=out.dtype, casting="unsafe")
        centred = np.subtract(samples, offset, dtype=np.float64, casting="unsafe")
        return np.divide(centred, divisor, out=out, dtype=np.float64, casting="unsafe")
