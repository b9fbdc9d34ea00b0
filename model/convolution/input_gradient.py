"""The gradient of a convolution's input."""

import numpy as np

from base.types import Array
from model.convolution.axis import Axis
from model.convolution.choose import choose_correlation
from model.convolution.workspace import workspace
from model.layers.pixels import pixels


class InputGradient:
    """dL/dx as a convolution of dL/dy with the kernels turned by half a circle.

    With strides (s, t) the inputs of a block of s x t depend on different places of the kernel, but on the same
    neighbourhood of outputs: they are made together, as s t channels for each channel.
    """

    def __init__(self, rows: Axis, columns: Axis, inputs: int, outputs: int) -> None:
        self._rows, self._columns = rows.backward(), columns.backward()
        self._stride = (rows.stride, columns.stride)
        self._row_phases, self._column_phases = sorted(set(self._rows.phases)), sorted(set(self._columns.phases))
        self._inputs, self._outputs = inputs, outputs
        made = len(self._row_phases) * len(self._column_phases) * inputs
        self._correlation = choose_correlation(self._rows.axis, self._columns.axis, outputs, made)

    def write(self, grad: Array, weight: Array, out: Array) -> None:
        """Write dL/dx, given dL/dy and the kernel."""
        matrix = self._correlation.matrix(self._turned(weight))
        for piece in self._correlation.pieces(grad):
            cells = self._correlation.gather(grad[piece])
            if self._stride == (1, 1):
                self._correlation.apply(cells, matrix, None, out[piece])
            else:
                self._write_phases(cells, matrix, out[piece])

    def _turned(self, weight: Array) -> Array:
        """The kernel of the way back, (height, width, outputs, inputs of all phases)."""
        kernel = weight.swapaxes(2, 3)
        if self._stride == (1, 1):
            return kernel[::-1, ::-1]
        size = (self._rows.axis.kernel, self._columns.axis.kernel)
        phases = (len(self._row_phases), len(self._column_phases))
        turned = workspace.array("kernel", (*size, self._outputs, *phases, self._inputs), weight.dtype)
        turned.fill(0)
        for i, (row, row_phase) in enumerate(zip(self._rows.places, self._rows.phases, strict=True)):
            for j, (column, phase) in enumerate(zip(self._columns.places, self._columns.phases, strict=True)):
                a, b = self._row_phases.index(row_phase), self._column_phases.index(phase)
                turned[row, column, :, a, b] = kernel[i, j]
        return turned.reshape(*size, self._outputs, -1)

    def _write_phases(self, cells: Array, matrix: Array, out: Array) -> None:
        rows, columns = self._rows.axis.count, self._columns.axis.count
        made = workspace.array("phases", (len(out), rows, columns, matrix.shape[-1]), out.dtype)
        self._correlation.apply(cells, matrix, None, made)
        parts = made.reshape(len(out), rows, columns, len(self._row_phases), len(self._column_phases), self._inputs)
        if parts.shape[3:5] != self._stride:
            out.fill(0)
        for a, row in enumerate(self._row_phases):
            for b, column in enumerate(self._column_phases):
                target = out[:, row :: self._stride[0], column :: self._stride[1]]
                np.copyto(pixels(target), pixels(parts[:, : target.shape[1], : target.shape[2], a, b]))
