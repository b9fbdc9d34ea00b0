"""Kernels times the pixels under them: what ways of computing it have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np

from base.types import Array, Shape
from model.layers.conv_axis import Axis

Scratch = Callable[[str, Shape, np.dtype], Array]


class Correlation(ABC):
    """Images (N, H, W, channels) and kernels (height, width, channels, outputs) to (N, H', W', outputs).

    A few images are gathered in cells, such that what is under a kernel is a run of cells: a row of a matrix. Kernels
    lie over every cell, row of the image by row, so that some lie across an edge: their outputs are left out.

    Neighbouring kernels share cells, and so their rows share memory:

        cells  a b c d e f g ...     kernels of width 3 at    a b c  d e f  ...    first product, outputs 0, 3, ...
                                                                b c d  e f g  ...   second product, outputs 1, 4, ...
                                                                  c d e  f g h ...   third product, outputs 2, 5, ...

    In each of these products a row begins where the last ended, which BLAS takes as it is. So nothing is copied to be
    in several rows.
    """

    def __init__(self, name: str, scratch: Scratch, rows: Axis, columns: Axis, channels: int, outputs: int) -> None:
        self.rows, self.columns = rows, columns
        self.channels, self.outputs = channels, outputs
        self._name, self._scratch = name, scratch
        self._window, self._step = 1, 1  # cells under a kernel, and from one kernel to the next

    @property
    @abstractmethod
    def size(self) -> int:
        """How many numbers are gathered for one image."""

    @abstractmethod
    def gather(self, x: Array) -> Array:
        """The cells of some images, (..., cells, numbers of a cell)."""

    @abstractmethod
    def matrix(self, kernel: Array) -> Array:
        """A kernel in the order of the numbers under it, (..., numbers under it, outputs)."""

    @abstractmethod
    def kernel_gradient(self, total: Array) -> Array:
        """The gradient of a kernel, given that of its matrix."""

    @abstractmethod
    def apply(self, cells: Array, matrix: Array, line: Array | None, out: Array) -> None:
        """Write the outputs of gathered images, with a line (W', outputs) added to each of theirs."""

    @abstractmethod
    def add_gradient(self, cells: Array, grad: Array, total: Array) -> None:
        """Add to `total` the gradient of the matrix, given that of the outputs of gathered images."""

    @property
    def _products(self) -> int:
        return -(-self._window // self._step)

    def _cells(self, before: Shape, count: int, numbers: int, dtype: np.dtype) -> Array:
        """Memory for cells, and zeros after them for the last kernels."""
        after = (self._products - 1) * self._step
        cells = self._memory("cells", (*before, count + after, numbers), dtype)
        cells[..., count:, :] = 0
        return cells

    def _multiply(self, cells: Array, matrix: Array, out: Array) -> None:
        """Write what is under each kernel times the matrix; `out` is (..., kernels, outputs)."""
        for first in range(min(self._products, out.shape[-2])):
            part = out[..., first :: self._products, :]
            np.matmul(self._runs(cells, first, part.shape[-2]), matrix, out=part)

    def _add_product(self, cells: Array, above: Array, total: Array) -> None:
        """Add what is under each kernel, transposed, times the gradient of its outputs, (..., kernels, outputs)."""
        product = self._memory("product", total.shape, total.dtype)
        for first in range(min(self._products, above.shape[-2])):
            part = above[..., first :: self._products, :]
            np.matmul(self._runs(cells, first, part.shape[-2]).swapaxes(-1, -2), part, out=product)
            total += product

    def _runs(self, cells: Array, first: int, count: int) -> Array:
        """What is under every kernel of one product, a row each."""
        *before, _, numbers = cells.shape
        start, apart = first * self._step, self._products * self._step
        rows = cells[..., start : start + count * apart, :].reshape(*before, count, apart * numbers)
        return rows[..., : self._window * numbers]

    def _memory(self, what: str, shape: Shape, dtype: np.dtype) -> Array:
        return self._scratch(f"{self._name} {what}", shape, dtype)
