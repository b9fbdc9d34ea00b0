"""An image in its frame of zeros: the pixels from the first that any kernel sees to the last."""

from ops.compiled.kernel import subroutine
from ops.compiled.vector import lanes_of, load, load_part, spread, store, store_part


@subroutine
def extent(weight, geometry, outputs):
    """Height and width of the frame, for kernels (kh, kw, ...) and outputs (N, H', W', D)."""
    (stride, stride_across), _, (dilation, dilation_across), _ = geometry
    return (
        stride * (outputs.shape[1] - 1) + dilation * (weight.shape[0] - 1) + 1,
        stride_across * (outputs.shape[2] - 1) + dilation_across * (weight.shape[1] - 1) + 1,
    )


@subroutine
def fill_frame(x, image, padding, frame):
    """Copy one image into a frame that holds zeros elsewhere; what lies beyond the frame is left out."""
    top, left = padding
    first_row, first = max(0, -top), max(0, -left)
    last_row, last = min(x.shape[1], frame.shape[0] - top), min(x.shape[2], frame.shape[1] - left)
    channels = x.shape[3]
    for row in range(first_row, last_row):
        start = ((image * x.shape[1] + row) * x.shape[2] + first) * channels
        copy(x, start, frame, ((row + top) * frame.shape[1] + first + left) * channels, (last - first) * channels)


@subroutine
def take_from_frame(frame, padding, image, out):
    """Copy out of a frame what belongs to the image; pixels that no kernel sees are 0."""
    top, left = padding
    channels = out.shape[3]
    seen = max(0, min(out.shape[2], frame.shape[1] - left)) * channels
    for row in range(out.shape[1]):
        to = (image * out.shape[1] + row) * out.shape[2] * channels
        whole = seen if row + top < frame.shape[0] else 0
        copy(frame, ((row + top) * frame.shape[1] + left) * channels, out, to, whole)
        for place in range(whole, out.shape[2] * channels):
            store_part(out, to + place, spread(out.dtype.type(0)), 1)


@subroutine
def copy(source, start, target, to, count):
    """Copy numbers from one flat place to another."""
    lanes = lanes_of(source)
    for done in range(0, count - lanes + 1, lanes):
        store(target, to + done, load(source, start + done))
    done = max(0, count) // lanes * lanes
    store_part(target, to + done, load_part(source, start + done, count - done), count - done)
