"""Products of matrices, out of tiles.

A sum of more than CHAIN products is made in chains of CHAIN, from the first on, which are added in order; the bias is
added to the first. Sums over samples are chains as long, too.
"""

import numpy as np

from base.types import Array
from ops.compiled.arrays import optional, whole, written
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.sums import add_rows
from ops.compiled.tile import ADDED, NEW, ROWS_2, make_ready, panel
from ops.compiled.transpose import transpose
from ops.compiled.vector import lanes_of, load, load_part, store
from ops.formulas.products import Products

CHAIN = 1024
_WORTH_PACKING = 7 * ROWS_2  # rows of the left-hand matrix from which copying the other one pays


class CompiledProducts(Products):
    """Products of matrices, with samples as rows."""

    def linear(self, x: Array, weight: Array, bias: Array | None, out: Array) -> Array:
        if not x.size:
            return super().linear(x, weight, bias, out)
        make_ready(out.dtype)
        _linear(whole(x, out.dtype), whole(weight, out.dtype), optional(bias, out), written(out))
        return out

    def linear_weight_gradient(self, x: Array, dy: Array, weight_grad: Array, bias_grad: Array | None) -> None:
        if not x.size:
            return super().linear_weight_gradient(x, dy, weight_grad, bias_grad)
        dtype = weight_grad.dtype
        make_ready(dtype)
        none = optional(None, weight_grad)
        sums = none if bias_grad is None else written(bias_grad)
        _weight_gradient(whole(x, dtype), whole(dy, dtype), written(weight_grad), sums)
        return None

    def linear_input_gradient(self, dy: Array, weight: Array, out: Array) -> Array:
        if not dy.size:
            return super().linear_input_gradient(dy, weight, out)
        make_ready(out.dtype)
        _input_gradient(whole(dy, out.dtype), whole(weight, out.dtype), written(out))
        return out


@subroutine
def multiply(a, a_m, a_k, b, start, b_k, bias, c, c_m, rows, columns, count):
    """C (rows, columns) = A (rows, count) B (count, columns) + bias; a and c are addresses, B begins at b[start]."""
    zero, size, lanes = b.dtype.type(0), b.itemsize, lanes_of(b)
    step = 2 * lanes
    packs = rows >= _WORTH_PACKING
    packed = np.empty((min(CHAIN, count) if packs else 1, step), b.dtype)
    for begun in range(0, count, CHAIN):
        length = min(CHAIN, count - begun)
        mode = ADDED if begun > 0 or bias.size > 0 else NEW
        for column in range(0, columns, step):
            width = min(step, columns - column)
            right, right_k = b.ctypes.data + size * (start + begun * b_k + column), b_k
            if packs:
                pack(b, start + begun * b_k + column, b_k, length, width, packed)
                right, right_k = packed.ctypes.data, step
            place = c + size * column
            added, added_m = (bias.ctypes.data + size * column, 0) if begun == 0 else (place, c_m)
            panel(zero, a + size * begun * a_k, 0, a_m, a_k, right, 0, right_k, place, c_m, added, added_m,
                  1, length, rows, width, mode)  # fmt: skip


@subroutine
def pack(matrix, start, distance, rows, columns, packed):
    """Copy a block of a matrix, at most two vectors wide, so that its rows follow each other."""
    lanes, step = lanes_of(matrix), packed.shape[1]
    for row in range(rows):
        at, to = start + row * distance, row * step
        if columns == 2 * lanes:
            store(packed, to, load(matrix, at))
            store(packed, to + lanes, load(matrix, at + lanes))
        elif columns > lanes:
            store(packed, to, load(matrix, at))
            store(packed, to + lanes, load_part(matrix, at + lanes, columns - lanes))
        else:
            store(packed, to, load_part(matrix, at, columns))


@kernel
def _linear(x, weight, bias, out):
    count, inputs = x.shape
    outputs = out.shape[1]
    multiply(x.ctypes.data, inputs, 1, weight, 0, outputs, bias, out.ctypes.data, outputs, count, outputs, inputs)


@kernel
def _weight_gradient(x, dy, weight_grad, bias_grad):
    (count, inputs), outputs = x.shape, dy.shape[1]
    none = np.empty(0, x.dtype)
    multiply(x.ctypes.data, 1, inputs, dy, 0, outputs, none, weight_grad.ctypes.data, outputs, inputs, outputs, count)
    if bias_grad.size:
        add_rows(dy, bias_grad)


@kernel
def _input_gradient(dy, weight, out):
    """dL/dx^T = W dL/dy^T: transposing samples takes less than transposing weights, of which there are more."""
    (count, outputs), inputs = dy.shape, weight.shape[0]
    turned, result, none = (
        np.empty((outputs, count), dy.dtype),
        np.empty((inputs, count), dy.dtype),
        np.empty(0, dy.dtype),
    )
    transpose(dy, turned)
    multiply(weight.ctypes.data, outputs, 1, turned, 0, count, none, result.ctypes.data, count, inputs, count, outputs)
    transpose(result, out)
