"""Convolution of each channel by itself, forth and back."""

from collections.abc import Iterator

import numpy as np

from base.types import Array
from model.convolution.axis import Axis
from model.convolution.bias import spread, write_gradient
from model.convolution.frame import framed
from model.convolution.workspace import workspace

PIECE = 2**18  # bytes of outputs at a time: with what they are made of, little enough for a core's cache


class Depthwise:
    """y = b + the sum over a kernel's places of w times the pixel there, and its gradients; w is (k, k, 1, channels).

    There is nothing to sum over channels, so these are no matrix products: whole images are multiplied and added, in
    pieces of a few. Sums go from the first place of a kernel to the last.
    """

    def __init__(self, rows: Axis, columns: Axis) -> None:
        self._rows, self._columns = rows, columns
        self._places = [
            (i, j, row, column) for i, row in enumerate(rows.places) for j, column in enumerate(columns.places)
        ]

    def forward(self, x: Array, weight: Array, bias: Array | None, out: Array) -> None:
        """Write the outputs."""
        self._x = x
        lines = self._lines(weight)
        added = None if bias is None else spread(bias, out)
        for piece in _pieces(out):
            image, made = self._framed(x[piece]), out[piece]
            product = workspace.array("product", made.shape, made.dtype)
            for i, j, row, column in self._places:
                first = (i, j) == (0, 0)
                np.multiply(image[:, row, column], lines[i, j], out=made if first else product)
                if not first:
                    made += product
            if added is not None:
                made += added

    def write_weight_gradient(self, grad: Array, out: Array) -> None:
        """For each place the sum of dL/dy times the pixels there."""
        total, part = np.zeros(out.shape, out.dtype), np.empty(out.shape[-1], out.dtype)
        for piece in _pieces(grad):
            image, above = self._framed(self._x[piece]), grad[piece]
            product = workspace.array("product", above.shape, grad.dtype)
            for i, j, row, column in self._places:
                np.multiply(image[:, row, column], above, out=product)
                write_gradient(product, part)
                total[i, j, 0] += part
        out[...] = total

    def write_input_gradient(self, grad: Array, weight: Array, out: Array) -> None:
        """dL/dx: each output's gradient times w goes back to the pixels that it saw."""
        lines = self._lines(weight)
        out.fill(0)
        for piece in _pieces(grad):
            above = grad[piece]
            product = workspace.array("product", above.shape, grad.dtype)
            image = workspace.array("image", self._frame(len(above), grad.shape[-1]), grad.dtype)
            image.fill(0)
            for i, j, row, column in self._places:
                image[:, row, column] += np.multiply(above, lines[i, j], out=product)
            out[piece, self._rows.seen, self._columns.seen] = image[:, self._rows.inside, self._columns.inside]

    def _framed(self, x: Array) -> Array:
        return framed(x, self._rows, self._columns, self._columns.length)

    def _frame(self, count: int, channels: int) -> tuple[int, int, int, int]:
        return (count, self._rows.length, self._columns.length, channels)

    def _lines(self, weight: Array) -> Array:
        """The weights of each place for every pixel of a line: NumPy multiplies long rows faster than short ones."""
        height, width, _, channels = weight.shape
        lines = workspace.array("lines", (height, width, self._columns.count, channels), weight.dtype)
        lines[...] = weight
        return lines


def _pieces(images: Array) -> Iterator[slice]:
    step = max(1, PIECE // images[0].nbytes)
    return (slice(start, start + step) for start in range(0, len(images), step))
