"""Stored samples as scaled numbers, compiled for bytes; a quotient is exact, so both ways have the same bits."""

import numpy as np

from base.types import Array
from ops.compiled.arrays import written
from ops.compiled.kernel import kernel
from ops.formulas.inputs import Inputs


class CompiledInputs(Inputs):
    """Stored samples as scaled numbers."""

    def read_inputs(
        self, stored: Array, rows: Array, offset: Array | None, divisor: float | Array, out: Array
    ) -> Array:
        are_bytes = stored.dtype == np.uint8 and stored.flags.c_contiguous and rows.dtype == np.int64
        if not are_bytes or offset is not None or isinstance(divisor, np.ndarray) or not out.size:
            return super().read_inputs(stored, rows, offset, divisor, out)
        if rows.min() < 0 or rows.max() >= len(stored):
            raise IndexError(f"samples {rows.min()} to {rows.max()} of {len(stored)}")
        numbers = written(out).reshape(len(rows), -1)
        _read_bytes(stored.reshape(len(stored), -1), rows, out.dtype.type(divisor), numbers)
        return out


@kernel
def _read_bytes(stored, rows, divisor, out):
    """out[n] = stored[rows[n]] / divisor."""
    for n in range(len(rows)):
        source, target = stored[rows[n]], out[n]
        for i in range(len(target)):
            target[i] = out.dtype.type(source[i]) / divisor
