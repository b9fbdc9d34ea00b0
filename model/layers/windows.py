"""Where the windows of a pooling layer lie on an image."""

from dataclasses import dataclass
from typing import Annotated

from base.constraints import Example, NonNegativeInt, PositiveInt
from base.types import Shape

WindowLength = Annotated[PositiveInt, Example(2)]
Lengths = WindowLength | tuple[WindowLength, WindowLength]
Margins = NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt]
Pair = tuple[int, int]
MOST_PLACES = 2**20  # in a window; pooling visits each by itself


def pair(value: int | Pair) -> Pair:
    """A number stands for both height and width."""
    return (value, value) if isinstance(value, int) else value


@dataclass(frozen=True)
class Windows:
    """Windows of one size at equal distances over an image with a margin around it; each pair is (height, width).

    Rows and columns at the far end that fill no window are left out. Raises ValueError where not one window fits.
    """

    image: Pair
    kernel: Pair
    stride: Pair
    padding: Pair

    def __post_init__(self) -> None:
        if any(kernel > length for kernel, length in zip(self.kernel, self.padded, strict=True)):
            raise ValueError(
                f"kernel_size {self.kernel} is larger than the image {self.image} with its padding {self.padding}; "
                f"at most {self.padded} fits"
            )
        if self.kernel[0] * self.kernel[1] > MOST_PLACES:
            raise ValueError(f"kernel_size {self.kernel} is of more than {MOST_PLACES} pixels")

    @property
    def padded(self) -> Pair:
        """The size of the image with its margin."""
        (height, width), (above, left) = self.image, self.padding
        return height + 2 * above, width + 2 * left

    @property
    def count(self) -> Pair:
        """How many windows fit: (padded - kernel) // stride + 1."""
        rows, columns = (
            (length - kernel) // stride + 1
            for length, kernel, stride in zip(self.padded, self.kernel, self.stride, strict=True)
        )
        return rows, columns

    @property
    def inside(self) -> tuple[slice, slice]:
        """Where the image lies in the padded one."""
        (height, width), (above, left) = self.image, self.padding
        return slice(above, above + height), slice(left, left + width)

    @property
    def places(self) -> list[tuple[slice, slice]]:
        """For each place in a window, row by row, the pixels of the padded image that lie there."""
        rows, columns = (
            [slice(start, start + stride * (count - 1) + 1, stride) for start in range(kernel)]
            for kernel, stride, count in zip(self.kernel, self.stride, self.count, strict=True)
        )
        return [(row, column) for row in rows for column in columns]

    @property
    def are_apart(self) -> bool:
        """Whether no pixel lies in two windows."""
        return self.stride[0] >= self.kernel[0] and self.stride[1] >= self.kernel[1]

    @property
    def cover(self) -> bool:
        """Whether every pixel of the padded image lies in exactly one window."""
        covered = (self.count[0] * self.kernel[0], self.count[1] * self.kernel[1])
        return self.are_apart and covered == self.padded


def image_size(layer: str, input_shape: Shape) -> Pair:
    """Height and width of samples (height, width, channels). Raises ValueError for samples of another form."""
    if len(input_shape) != 3:
        raise ValueError(f"{layer} needs images (height, width, channels), got samples of shape {input_shape}")
    return input_shape[0], input_shape[1]
