"""Kernels times pixels with fewer multiplications. Winograd, 1980; Lavin and Gray, CVPR 2016."""

import numpy as np

from base.types import Array
from model.convolution.axis import Axis
from model.convolution.correlation import Correlation, Memory
from model.convolution.runs import Runs
from model.convolution.weighted_sum import WeightedSum
from model.convolution.workspace import workspace

TILE = 2  # rows of outputs at a time
POINTS = (0.0, 1.0, -1.0, 2.0, -2.0)  # where polynomials are multiplied, and infinity


class Winograd(Correlation):
    """Two rows of outputs at a time, from sums of rows of the image times sums of rows of the kernel.

    For kernels three rows high, with image rows d0 to d3 and kernel rows w0 to w2:

        d0 w0 + d1 w1 + d2 w2 = m0 + m1 + m2        m0 = (d2 - d0) (-w0)    m1 = (d1 + d2) (w0 + w1 + w2) / 2
        d1 w0 + d2 w1 + d3 w2 = m1 - m2 + m3        m3 = (d3 - d1) w2       m2 = (d2 - d1) (w0 - w1 + w2) / 2

    That is four products where there were six, each of a row of pixels with a kernel one row high; for five rows, six
    where there were ten. In general the rows are coefficients of polynomials, products are taken of their values at a
    few points, and the factors in these sums are those of interpolation (`factors`).

    Cells are the sums of rows of pixels. Rows of the same height of all images follow each other, so that every sum
    is of arrays without gaps, which NumPy adds three times as fast.
    """

    def __init__(self, rows: Axis, columns: Axis, channels: int, outputs: int) -> None:
        super().__init__(rows, columns, channels, outputs)
        of_pixels, self._of_kernel, of_products = factors(rows.kernel)
        self._points = len(of_pixels)
        self._pixel_sums = [WeightedSum(row) for row in of_pixels.tolist()]
        self._output_sums = [WeightedSum(row) for row in of_products.tolist()]
        self._gradient_sums = [WeightedSum(column) for column in of_products.T.tolist()]
        self._runs = Runs(columns.kernel, 1)
        self._across = max(columns.count, columns.least_width)
        self._tiles = -(-rows.count // TILE)

    @property
    def size(self) -> int:
        return self._points * self._tiles * self._across * (self.channels + self.outputs)

    def gather(self, x: Array, memory: Memory = workspace.array) -> Array:
        rows = self._split(x)
        count = self._tiles * len(x) * self._across
        cells = memory("cells", (self._points, count + self._runs.beyond, self.channels), x.dtype)
        cells[:, count:] = 0
        for pixel_sum, sums in zip(self._pixel_sums, cells[:, :count], strict=True):
            pixel_sum.write(rows, sums.reshape(rows[0].shape))
        return cells

    def matrix(self, kernel: Array) -> Array:
        matrix: Array = np.tensordot(self._of_kernel.astype(kernel.dtype), kernel, 1)
        return matrix.reshape(self._points, -1, self.outputs)

    def kernel_gradient(self, total: Array) -> Array:
        gradient: Array = self._of_kernel.T.astype(total.dtype) @ total.reshape(len(total), -1)
        return gradient.reshape(-1, self.columns.kernel, self.channels, self.outputs)

    def apply(self, cells: Array, matrix: Array, bias: Array | None, out: Array) -> None:
        products = self._products(len(out), out.dtype)
        self._runs.multiply(cells, matrix, products.reshape(len(products), -1, self.outputs))
        if bias is not None:
            line = workspace.array("line", products.shape[-2:], out.dtype)
            line[...] = bias[0, 0]
            products[1] += line  # the product at point 1 is in every row of outputs once
        made = workspace.array("made", products.shape[1:], out.dtype)
        for start, output_sum in enumerate(self._output_sums):
            output_sum.write(products, made)
            target = out[:, start::TILE]
            np.copyto(target, self._of_outputs(made)[:, : target.shape[1]])

    def add_gradient(self, cells: Array, grad: Array, total: Array) -> None:
        above = self._products(len(grad), grad.dtype)
        rows = above[:: len(above) - 1]  # at the points 0 and infinity, products are in the first and last row only
        for start, row in enumerate(rows):
            given = grad[:, start::TILE]
            row[:, :, self.columns.count :] = 0
            row[given.shape[1] :] = 0
            np.copyto(self._of_outputs(row)[:, : given.shape[1]], given)
        for gradient_sum, sums in zip(self._gradient_sums[1:-1], above[1:-1], strict=True):
            gradient_sum.write(rows, sums)
        product = workspace.array("product", total.shape, total.dtype)
        self._runs.add_gradient(cells, above.reshape(len(above), -1, self.outputs), total, product)

    def _split(self, x: Array) -> list[Array]:
        """For each pixel row of a tile those of all tiles, (tiles, N, width, channels), in margins of zeros."""
        height = self._tiles + (self._points - 1) // TILE
        split = workspace.array("rows", (TILE, height, len(x), self._across, self.channels), x.dtype)
        split.fill(0)
        seen = x[:, self.rows.seen, self.columns.seen].swapaxes(0, 1)
        for start in range(TILE):
            part, (place, first) = seen[start::TILE], divmod(self.rows.margin + start, TILE)
            split[first, place : place + len(part), :, self.columns.inside] = part
        return [split[row % TILE, row // TILE : row // TILE + self._tiles] for row in range(self._points)]

    def _products(self, count: int, dtype: np.dtype) -> Array:
        """Memory for the products of some images, those across the edge too."""
        shape = (self._points, self._tiles, count, self._across, self.outputs)
        return workspace.array("products", shape, dtype)

    def _of_outputs(self, lines: Array) -> Array:
        """A view of lines as of outputs, (N, rows, W', outputs)."""
        return lines[:, :, : self.columns.count].swapaxes(0, 1)


def factors(height: int) -> tuple[Array, Array, Array]:
    """The factors in sums of pixel rows (points, points), kernel rows (points, height) and products (TILE, points).

    Outputs are y_i = sum over k of d_(i+k) w_k. That is the transpose of multiplying polynomials with TILE and `height`
    coefficients: their values at each point a are sums with factors a^i and a^k, and the product is interpolated by
    Lagrange's polynomials. At infinity, a polynomial's value is its last coefficient.
    """
    points = POINTS[: TILE + height - 2]
    others = [[other for other in points if other != point] for point in points]
    of_pixels = np.array([[*np.poly(roots)[::-1], 0.0] for roots in others] + [np.poly(points)[::-1]])
    scale = np.array([np.prod([point - other for other in rest]) for point, rest in zip(points, others, strict=True)])
    of_kernel = np.vstack([_powers(points, height) / scale[:, None], np.eye(height)[-1]])
    of_products = np.vstack([_powers(points, TILE), np.eye(TILE)[-1]]).T
    return of_pixels, of_kernel, of_products


def _powers(points: tuple[float, ...], count: int) -> Array:
    return np.array([[point**power for power in range(count)] for point in points])
