"""Sums in a stated order, compiled."""

from base.types import Array
from ops.compiled.arrays import whole
from ops.compiled.kernel import kernel
from ops.compiled.vector import lanes_of, load_part, store_part
from ops.formulas.sums import Sums

ROWS = 1024  # the most rows in a chain of additions; longer sums are of several, added in order


class CompiledSums(Sums):
    """Sums of many numbers."""

    def column_sums(self, rows: Array, out: Array) -> Array:
        add_rows(whole(rows).reshape(-1, rows.shape[-1]), out)
        return out


@kernel
def add_rows(rows, out):
    """out (C,) = the sum of rows (N, C): chains of ROWS rows, from the first on, added in order."""
    count, columns = rows.shape
    lanes = lanes_of(rows)
    for column in range(0, columns, lanes):
        width = min(lanes, columns - column)
        for begun in range(0, count, ROWS):
            total = load_part(rows, begun * columns + column, width)
            for row in range(begun + 1, min(begun + ROWS, count)):
                total = total + load_part(rows, row * columns + column, width)
            if begun > 0:
                total = load_part(out, column, width) + total
            store_part(out, column, total, width)
