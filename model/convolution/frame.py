"""Images in their margins of zeros."""

from base.types import Array
from model.convolution.axis import Axis
from model.convolution.workspace import workspace


def framed(x: Array, rows: Axis, columns: Axis, width: int) -> Array:
    """What kernels see of some images (N, H, W, C), from the first zero on, with lines of this width.

    A view where there are no margins; else valid until the next images are framed anywhere.
    """
    shape = (len(x), rows.length, width, x.shape[-1])
    seen = x[:, rows.seen, columns.seen]
    if seen.shape == shape:
        return seen
    image = workspace.array("image", shape, x.dtype)
    image.fill(0)
    image[:, rows.inside, columns.inside] = seen
    return image
