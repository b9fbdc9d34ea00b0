"""Matrix products whose rows share memory."""

from dataclasses import dataclass

import numpy as np

from base.types import Array


@dataclass(frozen=True)
class Runs:
    """Kernels over `window` cells, each `step` cells from the next, as rows of matrices that nothing is copied for.

        cells  a b c d e f g ...     kernels of width 3 at    a b c  d e f  ...    first product, outputs 0, 3, ...
                                                                b c d  e f g  ...   second product, outputs 1, 4, ...
                                                                  c d e  f g h ...   third product, outputs 2, 5, ...

    In each product a row begins where the last ended or later, which BLAS takes as it is. Cells are (..., cells,
    numbers of a cell), and outputs (..., kernels, outputs).
    """

    window: int
    step: int

    @property
    def products(self) -> int:
        """The least number of products in which no rows overlap."""
        return -(-self.window // self.step)

    @property
    def beyond(self) -> int:
        """How many cells the last kernels may reach beyond those that kernels begin at."""
        return (self.products - 1) * self.step

    def multiply(self, cells: Array, matrix: Array, out: Array) -> None:
        """Write what is under each kernel times the matrix."""
        for first in range(min(self.products, out.shape[-2])):
            part = out[..., first :: self.products, :]
            np.matmul(self._rows(cells, first, part.shape[-2]), matrix, out=part)

    def add_gradient(self, cells: Array, grad: Array, total: Array, product: Array) -> None:
        """Add the gradient of the matrix, given that of the outputs; `product` is memory of its shape."""
        for first in range(min(self.products, grad.shape[-2])):
            part = grad[..., first :: self.products, :]
            np.matmul(self._rows(cells, first, part.shape[-2]).swapaxes(-1, -2), part, out=product)
            total += product

    def _rows(self, cells: Array, first: int, count: int) -> Array:
        """What is under every kernel of one product, a row each."""
        *before, _, numbers = cells.shape
        start, apart = first * self.step, self.products * self.step
        rows = cells[..., start : start + count * apart, :].reshape(*before, count, apart * numbers)
        return rows[..., : self.window * numbers]
