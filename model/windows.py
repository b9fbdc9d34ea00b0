"""Sizes of images and of pooling windows."""

from typing import Annotated

from base.constraints import Example, NonNegativeInt, PositiveInt
from base.types import Shape
from ops.formulas.pooling import PoolWindows

WindowLength = Annotated[PositiveInt, Example(2)]
Lengths = WindowLength | tuple[WindowLength, WindowLength]
Margins = NonNegativeInt | tuple[NonNegativeInt, NonNegativeInt]
Pair = tuple[int, int]
MOST_PLACES = 2**20  # in a window: its places are counted in float32


def pair(value: int | Pair) -> Pair:
    """(height, width) of a pair, or of one number for both."""
    return (value, value) if isinstance(value, int) else value


def pooled_size(image: Pair, windows: PoolWindows) -> Pair:
    """The number of windows: (image + 2 padding - kernel) // stride + 1.

    Rows and columns at the far end that fill no window are left out. Raises ValueError where not one window fits.
    """
    kernel, stride, padding = windows
    padded = image[0] + 2 * padding[0], image[1] + 2 * padding[1]
    if kernel[0] > padded[0] or kernel[1] > padded[1]:
        raise ValueError(
            f"kernel_size {kernel} is larger than the image {image} with its padding {padding}; at most {padded} fits"
        )
    if kernel[0] * kernel[1] > MOST_PLACES:
        raise ValueError(f"kernel_size {kernel} is of more than {MOST_PLACES} pixels")
    return (padded[0] - kernel[0]) // stride[0] + 1, (padded[1] - kernel[1]) // stride[1] + 1


def image_size(layer: str, input_shape: Shape) -> Pair:
    """Height and width of samples (height, width, channels). Raises ValueError for samples of another form."""
    if len(input_shape) != 3:
        raise ValueError(f"{layer} needs images (height, width, channels), got samples of shape {input_shape}")
    return input_shape[0], input_shape[1]
