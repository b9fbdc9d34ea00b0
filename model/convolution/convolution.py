"""Convolution of images whose channels are one group, forth and back."""

from math import prod

import numpy as np

from base.types import Array, Shape
from model.convolution.axis import Axis
from model.convolution.bias import spread
from model.convolution.choose import choose_correlation
from model.convolution.correlation import Memory
from model.convolution.input_gradient import InputGradient
from model.convolution.workspace import workspace


class Convolution:
    """y = P W + b, with P the pixels under each kernel, and its gradients; images are taken in pieces of a few.

    P is kept for backward, in memory of the layer, where all images are one piece. Otherwise it is gathered again:
    that takes a tenth of a product's time, and P many times the memory of an image.
    """

    def __init__(self, name: str, memory: Memory, rows: Axis, columns: Axis, inputs: int, outputs: int) -> None:
        self._name, self._memory = name, memory
        self._correlation = choose_correlation(rows, columns, inputs, outputs)
        self._input_gradient = InputGradient(rows, columns, inputs, outputs)

    def forward(self, x: Array, weight: Array, bias: Array | None, out: Array) -> None:
        """Write the outputs."""
        self._x = x
        matrix = self._correlation.matrix(weight)
        self._matrix_shape = matrix.shape
        added = None if bias is None else spread(bias, out)
        pieces = self._correlation.pieces(x)
        for piece in pieces:
            self._cells = self._correlation.gather(x[piece], self._kept if len(pieces) == 1 else workspace.array)
            self._correlation.apply(self._cells, matrix, added, out[piece])

    def write_weight_gradient(self, grad: Array, out: Array) -> None:
        """P^T dL/dy."""
        correlation, pieces = self._correlation, self._correlation.pieces(grad)
        total = workspace.array("total", self._matrix_shape, grad.dtype)
        total.fill(0)
        for piece in pieces:
            cells = self._cells if len(pieces) == 1 else correlation.gather(self._x[piece])
            correlation.add_gradient(cells, grad[piece], total)
        np.copyto(out, correlation.kernel_gradient(total))

    def write_input_gradient(self, grad: Array, weight: Array, out: Array) -> None:
        """dL/dx."""
        self._input_gradient.write(grad, weight, out)

    def _kept(self, name: str, shape: Shape, dtype: np.dtype) -> Array:
        return self._memory(f"{self._name} {name}", (prod(shape),), dtype).reshape(shape)
