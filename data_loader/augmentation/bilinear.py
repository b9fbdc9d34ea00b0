"""The numbers of images between their pixels."""

import numpy as np

from base.types import Array
from data_loader.augmentation.scratch import scratch


def sampled(x: Array, places: Array, fill: float) -> Array:
    """Images (N, H, W, C) read at `places` (N, 2, H W), a row and a column in pixels for each pixel of the result.

    Between four pixels, rows and columns are interpolated linearly; outside every pixel is `fill`, as in scipy's mode
    "grid-constant" and in torchvision. At whole places the numbers are exactly those of the pixels. The result is
    scratch memory, which the next call writes anew.
    """
    count, height, width, channels = x.shape
    planes = scratch("planes", (channels, count, height + 2, width + 2), x.dtype)
    planes.fill(fill)
    planes[:, :, 1:-1, 1:-1] = x.transpose(3, 0, 1, 2)
    cells, down, right = _cells(places, height, width)
    result = scratch("result", x.shape, x.dtype)
    for channel, plane in enumerate(planes):
        result[..., channel] = _read(plane, cells, down, right).reshape(x.shape[:3])
    return result


def _cells(places: Array, height: int, width: int) -> tuple[Array, Array, Array]:
    """For each place the index of the pixel up and left of it in a framed plane, and how far it is away from that."""
    part = np.add(places, 1, out=scratch("part", places.shape, places.dtype))
    down, right = part[:, 0], part[:, 1]
    np.clip(down, 0, height + 1, out=down)
    np.clip(right, 0, width + 1, out=right)
    whole = np.floor(part, out=scratch("whole", places.shape, places.dtype))
    part -= whole
    whole[:, 0] *= width + 2
    whole[:, 0] += whole[:, 1]  # float32 counts exactly up to 16 million pixels
    cells = scratch("cells", down.shape, np.intp)
    cells[...] = whole[:, 0]
    cells += (np.arange(len(places)) * (height + 2) * (width + 2))[:, None]
    return cells, down, right


def _read(plane: Array, cells: Array, down: Array, right: Array) -> Array:
    """The numbers at these places of the cells' pixels."""
    pixels, line = plane.reshape(-1), plane.shape[-1]
    upper, lower = _taken("upper", pixels, cells), _taken("lower", pixels[line:], cells)
    _blend(upper, _taken("next", pixels[1:], cells), right)
    _blend(lower, _taken("next", pixels[line + 1 :], cells), right)
    _blend(upper, lower, down)
    return upper


def _taken(name: str, pixels: Array, cells: Array) -> Array:
    # "clip" is fastest; it moves only what has a weight of 0, and lies behind the last pixel
    return pixels.take(cells, out=scratch(name, cells.shape, pixels.dtype), mode="clip")


def _blend(start: Array, end: Array, part: Array) -> None:
    """start += part (end - start); `end` is used up."""
    end -= start
    end *= part
    start += end
