"""Stored samples as scaled numbers."""

import numpy as np

from base.types import Array


class Inputs:
    """Stored samples as scaled numbers."""

    def read_inputs(
        self, stored: Array, rows: Array, offset: Array | None, divisor: float | Array, out: Array
    ) -> Array:
        """out = (stored[rows] - offset) / divisor, in the type of `out`.

        With an offset in the finer type of the two: float32 would round large numbers that differ little.
        """
        samples = stored[rows]
        if offset is None:
            return np.divide(samples, divisor, out=out, dtype=out.dtype, casting="unsafe")
        fine = np.result_type(stored, out)
        centred = np.subtract(samples, offset, dtype=fine, casting="unsafe")
        return np.divide(centred, divisor, out=out, dtype=fine, casting="unsafe")
