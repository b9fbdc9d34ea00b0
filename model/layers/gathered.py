"""Kernels times pixels that are copied next to each other."""

import numpy as np

from base.types import Array, Shape
from model.layers.conv_axis import Axis
from model.layers.correlation import Correlation, Scratch
from model.layers.pixels import pixels


class Gathered(Correlation):
    """A cell is a column, the pixels below each other that a kernel sees, or all that it sees.

    Columns are gathered as many times as a kernel is high, and not as many as it has places, but some products lie
    across an edge. Where neighbours share no column (stride), or the columns under a kernel are no neighbours
    (dilation), a cell is all that is under it.
    """

    def __init__(self, name: str, scratch: Scratch, rows: Axis, columns: Axis, channels: int, outputs: int) -> None:
        super().__init__(name, scratch, rows, columns, channels, outputs)
        if shares_columns(columns):
            self._window, self._step = columns.kernel, columns.stride
            self._across = max(columns.count, -(-columns.least_width // columns.stride))
            self._line = self._width = self._across * columns.stride
            self._places = [(row, slice(None)) for row in rows.places]
        else:
            self._across = self._width = columns.count
            self._line = columns.length
            self._places = [(row, column) for row in rows.places for column in columns.places]
        self._numbers = len(self._places) * channels

    @property
    def size(self) -> int:
        return self.rows.count * self._width * self._numbers

    def gather(self, x: Array) -> Array:
        image = self._framed(x)
        lines = (len(x), self.rows.count, self._width)
        count = lines[0] * lines[1] * lines[2]
        if len(self._places) == 1 and self._products == 1 and image.flags.c_contiguous:
            return image.reshape(count, self._numbers)
        cells = self._cells((), count, self._numbers, x.dtype)
        source, target = pixels(image), pixels(cells[:count].reshape(*lines, len(self._places), self.channels))
        for index, (row, column) in enumerate(self._places):
            np.copyto(target[..., index], source[:, row, column])
        return cells

    def matrix(self, kernel: Array) -> Array:
        ordered = kernel if self._window == 1 else kernel.swapaxes(0, 1)
        matrix = self._memory("matrix", ordered.shape, kernel.dtype)
        np.copyto(matrix, ordered)
        return matrix.reshape(-1, self.outputs)

    def kernel_gradient(self, total: Array) -> Array:
        height, width = self.rows.kernel, self.columns.kernel
        if self._window == 1:
            return total.reshape(height, width, self.channels, self.outputs)
        return total.reshape(width, height, self.channels, self.outputs).swapaxes(0, 1)

    def apply(self, cells: Array, matrix: Array, line: Array | None, out: Array) -> None:
        in_place = self._across == self.columns.count and out.flags.c_contiguous
        wide = out if in_place else self._wide(len(out), out.dtype)
        self._multiply(cells, matrix, wide.reshape(-1, self.outputs))
        made = wide[:, :, : self.columns.count]
        if line is not None:
            np.add(made, line, out=out)
        elif not in_place:
            np.copyto(out, made)

    def add_gradient(self, cells: Array, grad: Array, total: Array) -> None:
        self._add_product(cells, self._widened(grad).reshape(-1, self.outputs), total)

    def _framed(self, x: Array) -> Array:
        """The images in their margins of zeros, as wide as lines of cells."""
        shape = (len(x), self.rows.length, self._line, self.channels)
        seen = x[:, self.rows.seen, self.columns.seen]
        if seen.shape == shape:
            return seen
        image = self._memory("image", shape, x.dtype)
        image.fill(0)
        image[:, self.rows.inside, self.columns.inside] = seen
        return image

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
        return self._memory("wide", (count, self.rows.count, self._across, self.outputs), dtype)


def shares_columns(columns: Axis) -> bool:
    """Whether neighbouring kernels see columns in common, and columns that are next to each other."""
    return columns.dilation == 1 and columns.kernel > columns.stride
