"""Positions of a convolution's kernels on an image."""

from typing import Literal

from base.constraints import NonNegativeInt
from model.windows import Pair, pair
from ops.formulas.convolution import Geometry

Padding = NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt] | Literal["same", "valid"]


def kernel_geometry(
    size: Pair, kernel: Pair, stride: Pair, padding: Padding, dilation: Pair, groups: int
) -> tuple[Geometry, Pair]:
    """Kernel positions on images of this size, and the output size: (size + padding - reach) // stride + 1.

    `reach` is dilation * (kernel - 1) + 1. Raises ValueError where no kernel fits.
    """
    reach = (_reach(kernel[0], dilation[0]), _reach(kernel[1], dilation[1]))
    before, after = _margins(padding, reach)
    padded = (size[0] + before[0] + after[0], size[1] + before[1] + after[1])
    if reach[0] > padded[0] or reach[1] > padded[1]:
        raise ValueError(
            f"Conv2D: a kernel of {kernel} with dilation {dilation} covers {reach}, more than the image {size}, "
            f"which with its padding is {padded}; make the kernel smaller or the padding larger"
        )
    count = ((padded[0] - reach[0]) // stride[0] + 1, (padded[1] - reach[1]) // stride[1] + 1)
    return Geometry(stride, before, dilation, groups), count


def _margins(padding: Padding, reach: Pair) -> tuple[Pair, Pair]:
    """The zeros above and to the left, and those below and to the right; of "same" the odd one comes last."""
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same":
        before = ((reach[0] - 1) // 2, (reach[1] - 1) // 2)
        return before, (reach[0] - 1 - before[0], reach[1] - 1 - before[1])
    return pair(padding), pair(padding)


def _reach(kernel: int, dilation: int) -> int:
    """The extent of a dilated kernel."""
    return dilation * (kernel - 1) + 1
