"""Where a kernel lies along one axis of an image: rows or columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from base.constraints import NonNegativeInt
from model.layers.windows import Pair, pair

Padding = NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt] | Literal["same", "valid"]


@dataclass(frozen=True)
class Axis:
    """Output y sees, at place i of the kernel, the pixel stride * y + dilation * i - before; outside there are zeros.

    `size` is the length of the image and `count` that of the output. A negative `before` leaves out the first pixels.
    """

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    count: int

    @property
    def length(self) -> int:
        """From the first pixel that any kernel sees to the last."""
        return self.stride * (self.count - 1) + reach(self.kernel, self.dilation)

    @property
    def margin(self) -> int:
        """How many zeros come first."""
        return max(self.before, 0)

    @property
    def seen(self) -> slice:
        """The pixels that come after those zeros, and that any kernel can see."""
        first = max(-self.before, 0)
        return slice(first, max(first, min(self.size, self.length - self.before)))

    @property
    def inside(self) -> slice:
        """Where the seen pixels lie from the first zero on."""
        return slice(self.margin, self.margin + self.seen.stop - self.seen.start)

    @property
    def least_width(self) -> int:
        """How long lines must be that follow each other, the zeros after one being also those before the next."""
        seen = self.inside.stop - self.margin
        after = self.length - self.margin - seen
        return int(seen + max(self.margin, after))

    @property
    def places(self) -> list[slice]:
        """For each place in the kernel, the pixels that outputs see there, counted from the first zero."""
        starts = range(0, self.kernel * self.dilation, self.dilation)
        return [slice(start, start + self.stride * (self.count - 1) + 1, self.stride) for start in starts]

    def backward(self) -> Backward:
        """How inputs depend on outputs: input stride * x + phase on output x + place - before."""
        distances = [self.before - self.dilation * place for place in range(self.kernel)]
        phases = [-distance % self.stride for distance in distances]
        offsets = [(distance + phase) // self.stride for distance, phase in zip(distances, phases, strict=True)]
        apart = self.dilation if self.stride == 1 else 1
        first, last = min(offsets), max(offsets)
        places = [(offset - first) // apart for offset in offsets]
        count = -(-self.size // self.stride)
        return Backward(phases, places, Axis(self.count, (last - first) // apart + 1, 1, apart, -first, count))


@dataclass(frozen=True)
class Backward:
    """The backward way through an axis: a convolution of outputs to inputs, those of a stride's length at once.

    The i-th place of the kernel makes inputs of phase `phases[i]`, and stands at `places[i]` of this one's kernel.
    """

    phases: list[int]
    places: list[int]
    axis: Axis


def axes(size: Pair, kernel: Pair, stride: Pair, padding: Padding, dilation: Pair) -> tuple[Axis, Axis]:
    """Rows and columns of a convolution; as many kernels as fit: (size + zeros - reach) // stride + 1.

    Raises ValueError where none does.
    """
    before, after = margins(padding, kernel, dilation)
    padded = (size[0] + before[0] + after[0], size[1] + before[1] + after[1])
    reaches = (reach(kernel[0], dilation[0]), reach(kernel[1], dilation[1]))
    if reaches[0] > padded[0] or reaches[1] > padded[1]:
        raise ValueError(
            f"Conv2D: a kernel of {kernel} with dilation {dilation} covers {reaches}, more than the image {size}, "
            f"which with its padding is {padded}; make the kernel smaller or the padding larger"
        )
    rows, columns = (
        Axis(size[i], kernel[i], stride[i], dilation[i], before[i], (padded[i] - reaches[i]) // stride[i] + 1)
        for i in (0, 1)
    )
    return rows, columns


def margins(padding: Padding, kernel: Pair, dilation: Pair) -> tuple[Pair, Pair]:
    """The zeros above and to the left, and those below and to the right; of "same" the odd one comes last."""
    if not isinstance(padding, str):
        return pair(padding), pair(padding)
    if padding == "valid":
        return (0, 0), (0, 0)
    rows, columns = (reach(size, step) - 1 for size, step in zip(kernel, dilation, strict=True))
    return (rows // 2, columns // 2), (rows - rows // 2, columns - columns // 2)


def reach(kernel: int, dilation: int) -> int:
    """From a kernel's first pixel to its last."""
    return dilation * (kernel - 1) + 1
