"""Kernels times planes of pixels."""

import numpy as np

from base.types import Array
from model.convolution.correlation import Correlation, Memory
from model.convolution.frame import framed
from model.convolution.workspace import workspace


class Planes(Correlation):
    """For each place of a kernel and channel a plane: the number that each kernel sees there.

    Made for images of one channel, whose pixels lie next to each other: planes are copied line by line, and not number
    by number. Products are as fast from more planes than the cache holds, and those that are kept serve backward too.
    """

    piece = 2**23

    @property
    def size(self) -> int:
        places = self.rows.kernel * self.columns.kernel
        return self.rows.count * self.columns.count * (places * self.channels + self.outputs)

    def gather(self, x: Array, memory: Memory = workspace.array) -> Array:
        image = framed(x, self.rows, self.columns, self.columns.length)
        kernel = (self.rows.kernel, self.columns.kernel, self.channels)
        planes = memory("cells", (*kernel, len(x), self.rows.count, self.columns.count), x.dtype)
        for i, row in enumerate(self.rows.places):
            for j, column in enumerate(self.columns.places):
                np.copyto(planes[i, j], np.moveaxis(image[:, row, column], -1, 0))
        return planes.reshape(kernel[0] * kernel[1] * kernel[2], -1)

    def matrix(self, kernel: Array) -> Array:
        return kernel.reshape(-1, self.outputs)

    def kernel_gradient(self, total: Array) -> Array:
        return total.reshape(self.rows.kernel, self.columns.kernel, self.channels, self.outputs)

    def apply(self, cells: Array, matrix: Array, bias: Array | None, out: Array) -> None:
        made = out if out.flags.c_contiguous else workspace.array("made", out.shape, out.dtype)
        np.matmul(cells.T, matrix, out=made.reshape(-1, self.outputs))
        if bias is not None:
            np.add(made, bias, out=out)
        elif made is not out:
            np.copyto(out, made)

    def add_gradient(self, cells: Array, grad: Array, total: Array) -> None:
        product = workspace.array("product", total.shape, total.dtype)
        np.matmul(cells, grad.reshape(-1, self.outputs), out=product)
        total += product
