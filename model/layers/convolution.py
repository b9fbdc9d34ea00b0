"""Convolution of images whose channels are one group, forth and back."""

from collections.abc import Iterator

import numpy as np

from base.types import Array
from model.layers.conv_axis import Axis
from model.layers.correlation import Correlation, Scratch
from model.layers.gathered import Gathered
from model.layers.winograd import Winograd

PIECE = 2**21  # bytes gathered at a time, so that products find them in the cache


class Convolution:
    """y = P W + b, with P the pixels under each kernel, and its gradients; images are taken in pieces of a few."""

    def __init__(self, name: str, scratch: Scratch, rows: Axis, columns: Axis, inputs: int, outputs: int) -> None:
        self._scratch, self._name = scratch, name
        self._correlation = choose_correlation(name, scratch, rows, columns, inputs, outputs)
        self._phases = [
            (row, column, choose_correlation(f"{name} back", scratch, row.axis, column.axis, outputs, inputs))
            for row in rows.phases()
            for column in columns.phases()
        ]

    def forward(self, x: Array, weight: Array, bias: Array | None, out: Array) -> None:
        """Write the outputs."""
        self._x = x
        matrix = self._correlation.matrix(weight)
        line = None if bias is None else np.tile(bias, (out.shape[2], 1))
        for piece in _pieces(len(x), self._correlation.size * x.itemsize):
            self._cells = self._correlation.gather(x[piece])
            self._correlation.apply(self._cells, matrix, line, out[piece])

    def write_weight_gradient(self, grad: Array, out: Array) -> None:
        """P^T dL/dy; P is gathered again where it was too large to be kept."""
        correlation, pieces = self._correlation, list(_pieces(len(grad), self._correlation.size * grad.itemsize))
        shape = correlation.matrix(out).shape
        total = self._scratch(f"{self._name} total", shape, grad.dtype)
        total.fill(0)
        for piece in pieces:
            cells = self._cells if len(pieces) == 1 else correlation.gather(self._x[piece])
            correlation.add_gradient(cells, grad[piece], total)
        np.copyto(out, correlation.kernel_gradient(total))

    def write_bias_gradient(self, grad: Array, out: Array) -> None:
        """The sum of dL/dy; as products these are several times as fast as a sum over the first axes."""
        lines = grad.reshape(grad.shape[0] * grad.shape[1], -1)
        columns = np.ones(len(lines), grad.dtype) @ lines
        np.matmul(np.ones(grad.shape[2], grad.dtype), columns.reshape(grad.shape[2], -1), out=out)

    def write_input_gradient(self, grad: Array, weight: Array, out: Array) -> None:
        """dL/dx, for the inputs of each phase by a convolution of dL/dy."""
        for row, column, correlation in self._phases:
            kernel = weight[row.places, column.places][::-1, ::-1].swapaxes(2, 3)
            target = out[:, row.inputs, column.inputs]
            if not kernel.size:
                target.fill(0)
                continue
            matrix = correlation.matrix(kernel)
            for piece in _pieces(len(grad), correlation.size * grad.itemsize):
                correlation.apply(correlation.gather(grad[piece]), matrix, None, target[piece])


def choose_correlation(
    name: str, scratch: Scratch, rows: Axis, columns: Axis, channels: int, outputs: int
) -> Correlation:
    """The way of computing that measured fastest for such shapes."""
    dense = (rows.stride, rows.dilation, columns.stride, columns.dilation) == (1, 1, 1, 1)
    if dense and rows.kernel == 3 and min(channels, outputs) >= 16:
        return Winograd(name, scratch, rows, columns, channels, outputs)
    return Gathered(name, scratch, rows, columns, channels, outputs)


def _pieces(count: int, bytes_each: int) -> Iterator[slice]:
    step = max(1, PIECE // bytes_each)
    return (slice(start, min(start + step, count)) for start in range(0, count, step))
