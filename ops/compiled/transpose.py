"""Transposes of matrices."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ops.compiled.kernel import subroutine

SIDE = 8  # of the blocks that are transposed in registers
_INT = ir.IntType(32)


@subroutine
def transpose(matrix, out):
    """out (M, N) = the transpose of matrix (N, M), both in one piece."""
    rows, columns = matrix.shape
    for row in range(0, rows, SIDE):
        height = min(SIDE, rows - row)
        for column in range(0, columns, SIDE):
            width = min(SIDE, columns - column)
            if height == width == SIDE:
                _transpose_block(matrix, row * columns + column, columns, out, column * rows + row, rows)
            else:
                for j in range(column, column + width):
                    for i in range(row, row + height):
                        out[j, i] = matrix[i, j]


@intrinsic
def _transpose_block(_, matrix, start, distance, out, to, out_distance):
    """Transpose SIDE x SIDE numbers from flat index `start`, rows `distance` apart, to flat index `to`.

    Blocks of 1, 2 and 4 numbers off the diagonal change places, in that order.
    """
    size = matrix.dtype.bitwidth // 8
    signature = types.void(matrix, types.intp, types.intp, out, types.intp, types.intp)

    def generate(context: Any, builder: ir.IRBuilder, _: Any, args: Any) -> Any:
        source, target = (context.make_array(kind)(context, builder, array).data
                          for kind, array in ((matrix, args[0]), (out, args[3])))  # fmt: skip
        kind = ir.VectorType(context.get_value_type(matrix.dtype), SIDE)

        def address(data: Any, first: Any, apart: Any, row: int) -> Any:
            index = builder.add(first, builder.mul(apart, ir.Constant(apart.type, row)))
            return builder.bitcast(builder.gep(data, [index]), kind.as_pointer())

        rows = []
        for row in range(SIDE):
            loaded = builder.load(address(source, args[1], args[2], row))
            loaded.align = size
            rows.append(loaded)
        for apart in (1, 2, 4):
            rows = [_exchanged(builder, rows, row, apart) for row in range(SIDE)]
        for row, value in enumerate(rows):
            builder.store(value, address(target, args[4], args[5], row)).align = size
        return context.get_dummy_value()

    return signature, generate


def _exchanged(builder: ir.IRBuilder, rows: list[Any], row: int, apart: int) -> Any:
    """A row after its numbers have changed places with those of the row that is so far apart."""
    upper, lower = rows[row & ~apart], rows[row | apart]
    order = [(column & ~apart | row & apart) + (SIDE if column & apart else 0) for column in range(SIDE)]
    return builder.shuffle_vector(upper, lower, ir.Constant(ir.VectorType(_INT, SIDE), order))
