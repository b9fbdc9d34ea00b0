"""Kernels times pixels with a third fewer multiplications. Winograd, 1980; Lavin and Gray, CVPR 2016."""

import numpy as np

from base.types import Array, Shape
from model.layers.conv_axis import Axis
from model.layers.correlation import Correlation, Scratch


class Winograd(Correlation):
    """Two rows of outputs at a time, for kernels three rows high: F(2, 3) down the image.

    Rows d0 to d3 of the image and kernel rows w0 to w2 make the output rows

        d0 w0 + d1 w1 + d2 w2 = m0 + m1 + m2        m0 = (d0 - d2) w0       m1 = (d1 + d2) (w0 + w1 + w2) / 2
        d1 w0 + d2 w1 + d3 w2 = m1 - m2 - m3        m3 = (d1 - d3) w2       m2 = (d2 - d1) (w0 - w1 + w2) / 2

    with four products instead of six, each of a row of pixels with a kernel that is one row high. Cells are those
    sums of pixels: four arrays of lines. Lines of the same height of all images follow each other, so that every sum and
    difference is of arrays without gaps, in which NumPy is three times as fast.
    """

    def __init__(self, name: str, scratch: Scratch, rows: Axis, columns: Axis, channels: int, outputs: int) -> None:
        super().__init__(name, scratch, rows, columns, channels, outputs)
        self._window = columns.kernel
        self._across = max(columns.count, columns.least_width)
        self._pairs = -(-rows.count // 2)

    @property
    def size(self) -> int:
        return 4 * self._pairs * self._across * self.channels

    def gather(self, x: Array) -> Array:
        even, odd = self._split(x)
        count = self._pairs * len(x) * self._across
        cells = self._cells((4,), count, self.channels, x.dtype)
        d0, d1, d2, d3 = even[:-1], odd[:-1], even[1:], odd[1:]
        sums = cells[:, :count].reshape(4, *d0.shape)
        np.subtract(d0, d2, out=sums[0])
        np.add(d1, d2, out=sums[1])
        np.subtract(d2, d1, out=sums[2])
        np.subtract(d1, d3, out=sums[3])
        return cells

    def matrix(self, kernel: Array) -> Array:
        matrix = self._memory("matrix", (4, *kernel.shape[1:]), kernel.dtype)
        matrix[0], matrix[3] = kernel[0], kernel[2]
        outer = (kernel[0] + kernel[2]) / 2
        np.add(outer, kernel[1] / 2, out=matrix[1])
        np.subtract(outer, kernel[1] / 2, out=matrix[2])
        return matrix.reshape(4, -1, self.outputs)

    def kernel_gradient(self, total: Array) -> Array:
        both, between = (total[1] + total[2]) / 2, (total[1] - total[2]) / 2
        gradient = np.stack((total[0] + both, between, both - total[3]))
        return gradient.reshape(3, self.columns.kernel, self.channels, self.outputs)

    def apply(self, cells: Array, matrix: Array, line: Array | None, out: Array) -> None:
        made = self._made(len(out), out.dtype)
        self._multiply(cells, matrix, made.reshape(4, -1, self.outputs))
        if line is not None:
            made[1, :, :, : len(line)] += line
        m0, m1, m2, m3 = made
        m0 += m1
        m0 += m2
        m1 -= m2
        m1 -= m3
        np.copyto(out[:, 0::2], self._of_outputs(m0))
        np.copyto(out[:, 1::2], self._of_outputs(m1)[:, : self.rows.count // 2])

    def add_gradient(self, cells: Array, grad: Array, total: Array) -> None:
        above = self._made(len(grad), grad.dtype)
        above[0, :, :, self.columns.count :] = 0
        above[3] = 0
        self._of_outputs(above[0])[...] = grad[:, 0::2]
        self._of_outputs(above[3])[:, : self.rows.count // 2] = grad[:, 1::2]
        np.add(above[0], above[3], out=above[1])
        np.subtract(above[0], above[3], out=above[2])
        self._add_product(cells, above.reshape(4, -1, self.outputs), total)

    def _split(self, x: Array) -> tuple[Array, Array]:
        """The even and the odd rows of the images in their margins of zeros, (rows, N, width, channels) each."""
        halves = self._memory("rows", (2, self._pairs + 1, len(x), self._across, self.channels), x.dtype)
        halves.fill(0)
        seen = x[:, self.rows.seen, self.columns.seen].swapaxes(0, 1)
        for start in (0, 1):
            half = seen[start::2]
            place = self.rows.margin + start
            halves[place % 2, place // 2 : place // 2 + len(half), :, self.columns.inside] = half
        return halves[0], halves[1]

    def _made(self, count: int, dtype: np.dtype) -> Array:
        """Memory for the four products' outputs of some images, those across the edge too."""
        shape = (4, self._pairs, count, self._across, self.outputs)
        return self._memory("products", shape, dtype)

    def _of_outputs(self, lines: Array) -> Array:
        """A view of lines as of outputs, (N, rows, W', outputs)."""
        return lines[:, :, : self.columns.count].swapaxes(0, 1)
