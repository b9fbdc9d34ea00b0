"""Kernels times columns of pixels."""

import numpy as np

from base.types import Array
from model.convolution.axis import Axis
from model.convolution.correlation import Correlation, Memory
from model.convolution.frame import framed
from model.convolution.runs import Runs
from model.convolution.workspace import workspace
from model.layers.pixels import pixels


class Gathered(Correlation):
    """A cell is a column, the pixels below each other that a kernel sees, or all that it sees.

    Columns are gathered as many times as a kernel is high, not as many as it has places; but one line follows the
    other, so some kernels lie across an edge, and their outputs are left out. Where neighbours share no column
    (stride), or the columns under a kernel are no neighbours (dilation), a cell is all that is under it.
    """

    def __init__(self, rows: Axis, columns: Axis, channels: int, outputs: int) -> None:
        super().__init__(rows, columns, channels, outputs)
        if columns.dilation == 1 and columns.kernel > columns.stride:
            self._runs = Runs(columns.kernel, columns.stride)
            self._across = max(columns.count, -(-columns.least_width // columns.stride))
            self._width = self._line = self._across * columns.stride
            self._places = [(row, slice(None)) for row in rows.places]
        else:
            self._runs = Runs(1, 1)
            self._across = self._width = columns.count
            self._line = columns.length
            self._places = [(row, column) for row in rows.places for column in columns.places]
        self._numbers = len(self._places) * channels

    @property
    def size(self) -> int:
        return self.rows.count * (self._width * self._numbers + self._across * self.outputs)

    def gather(self, x: Array, memory: Memory = workspace.array) -> Array:
        lines = (len(x), self.rows.count, self._width)
        count = lines[0] * lines[1] * lines[2]
        seen = x[:, self.rows.seen, self.columns.seen]
        if seen.shape == (*lines, self._numbers) and self._runs.beyond == 0 and seen.flags.c_contiguous:
            return seen.reshape(count, self._numbers)
        image = framed(x, self.rows, self.columns, self._line)
        cells = memory("cells", (count + self._runs.beyond, self._numbers), x.dtype)
        cells[count:] = 0
        source, target = pixels(image), pixels(cells[:count].reshape(*lines, len(self._places), self.channels))
        for index, (row, column) in enumerate(self._places):
            np.copyto(target[..., index], source[:, row, column])
        return cells

    def matrix(self, kernel: Array) -> Array:
        ordered = kernel if self._runs.window == 1 else kernel.swapaxes(0, 1)
        matrix = workspace.array("matrix", ordered.shape, kernel.dtype)
        np.copyto(matrix, ordered)
        return matrix.reshape(-1, self.outputs)

    def kernel_gradient(self, total: Array) -> Array:
        height, width = self.rows.kernel, self.columns.kernel
        if self._runs.window == 1:
            return total.reshape(height, width, self.channels, self.outputs)
        return total.reshape(width, height, self.channels, self.outputs).swapaxes(0, 1)

    def apply(self, cells: Array, matrix: Array, bias: Array | None, out: Array) -> None:
        in_place = self._across == self.columns.count and out.flags.c_contiguous
        wide = out if in_place else self._wide(len(out), out.dtype)
        self._runs.multiply(cells, matrix, wide.reshape(-1, self.outputs))
        made = wide[:, :, : self.columns.count]
        if bias is not None:
            np.add(made, bias, out=out)
        elif not in_place:
            np.copyto(out, made)

    def add_gradient(self, cells: Array, grad: Array, total: Array) -> None:
        product = workspace.array("product", total.shape, total.dtype)
        self._runs.add_gradient(cells, self._widened(grad).reshape(-1, self.outputs), total, product)

    def _widened(self, grad: Array) -> Array:
        """Gradients of outputs, with zeros for those across the edge."""
        if self._across == self.columns.count and grad.flags.c_contiguous:
            return grad
        wide = self._wide(len(grad), grad.dtype)
        wide[:, :, self.columns.count :] = 0
        wide[:, :, : self.columns.count] = grad
        return wide

    def _wide(self, count: int, dtype: np.dtype) -> Array:
        """Memory for the outputs of some images, those across the edge too."""
        return workspace.array("wide", (count, self.rows.count, self._across, self.outputs), dtype)
