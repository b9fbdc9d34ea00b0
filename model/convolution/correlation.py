"""Kernels times the pixels under them: what all ways of computing it have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np

from base.types import Array, Shape
from model.convolution.axis import Axis
from model.convolution.workspace import workspace

Memory = Callable[[str, Shape, np.dtype], Array]


class Correlation(ABC):
    """Images (N, H, W, channels) and kernels (height, width, channels, outputs) to (N, H', W', outputs).

    A few images are gathered in cells, in an order in which matrix products find what is under the kernels. Unless a
    place is given for them, cells are valid until the next are gathered anywhere.
    """

    piece = 2**22  # bytes gathered and made at a time: little enough for the caches

    def __init__(self, rows: Axis, columns: Axis, channels: int, outputs: int) -> None:
        self.rows, self.columns = rows, columns
        self.channels, self.outputs = channels, outputs

    @property
    @abstractmethod
    def size(self) -> int:
        """How many numbers are gathered and made for one image."""

    @abstractmethod
    def gather(self, x: Array, memory: Memory = workspace.array) -> Array:
        """The cells of some images."""

    @abstractmethod
    def matrix(self, kernel: Array) -> Array:
        """A kernel as a matrix, (..., numbers, outputs), that cells are multiplied with."""

    @abstractmethod
    def kernel_gradient(self, total: Array) -> Array:
        """The gradient of a kernel, given that of its matrix."""

    @abstractmethod
    def apply(self, cells: Array, matrix: Array, bias: Array | None, out: Array) -> None:
        """Write the outputs of gathered images, with a bias added that has the shape of an image of theirs."""

    @abstractmethod
    def add_gradient(self, cells: Array, grad: Array, total: Array) -> None:
        """Add to `total` the gradient of the matrix, given that of the outputs of gathered images."""

    def pieces(self, x: Array) -> list[slice]:
        """The images in parts that are gathered one at a time."""
        count = -(-len(x) // max(1, self.piece // (self.size * x.itemsize)))
        step = -(-len(x) // count)
        return [slice(start, min(start + step, len(x))) for start in range(0, len(x), step)]
