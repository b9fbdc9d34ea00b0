"""Images read between their pixels, compiled."""

import numpy as np

from base.types import Array
from ops.compiled.arrays import whole, written
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.products import multiply
from ops.compiled.tile import make_ready
from ops.formulas.resampling import Resampling


class CompiledResampling(Resampling):
    """Images (N, H, W, C) read at other places than their pixels: (N, 2, P), a row and a column in pixels each."""

    def bilinear(self, images: Array, places: Array, fill: float, out: Array) -> Array:
        _bilinear(whole(images), whole(places), float(fill), out.reshape(len(images), places.shape[2], images.shape[3]))
        return out

    def affine(self, places: Array, maps: Array, out: Array) -> Array:
        different = places if places.strides[0] else places[:1]
        _affine(whole(different), whole(maps), out)
        return out

    def smooth(self, planes: Array, down: Array, across: Array, out: Array) -> Array:
        make_ready(out.dtype)
        _smooth(*(whole(array, out.dtype) for array in (planes, down, across)), written(out))
        return out

    def shift(self, images: Array, moves: Array, fill: float) -> Array:
        if not images.flags.carray:
            return super().shift(images, moves, fill)
        _shift(images, whole(moves), float(fill))
        return images


@kernel
def _bilinear(images, places, fill, out):
    count, height, width, channels = images.shape
    points, line = places.shape[2], (width + 3) * channels
    zero_padded = np.full((height + 3) * line, images.dtype.type(fill))
    after, below = zero_padded[channels:], zero_padded[line:]
    diagonal = below[channels:]
    cells = np.empty(points, np.uint32)
    down, right = np.empty(points, images.dtype), np.empty(points, images.dtype)
    for n in range(count):
        for row in range(height):
            inside = zero_padded[(row + 1) * line + channels :]
            pixels = images[n, row].reshape(-1)
            for i in range(width * channels):
                inside[i] = pixels[i]
        _find_cells(places[n], height, width, channels, cells, down, right)
        result = out[n].reshape(-1)
        if channels == 1:
            for p in range(points):
                at, y, x = cells[p], down[p], right[p]
                upper = zero_padded[at] + x * (after[at] - zero_padded[at])
                lower = below[at] + x * (diagonal[at] - below[at])
                result[p] = upper + y * (lower - upper)
        else:
            for p in range(points):
                y, x = down[p], right[p]
                for channel in range(np.uint64(channels)):
                    at = cells[p] + channel
                    upper = zero_padded[at] + x * (after[at] - zero_padded[at])
                    lower = below[at] + x * (diagonal[at] - below[at])
                    result[p * channels + np.int64(channel)] = upper + y * (lower - upper)


@subroutine
def _find_cells(places, height, width, channels, cells, down, right):
    """For each place the pixel up and left of it, as an index into a framed image, and how far it is from there."""
    zero, one = places.dtype.type(0), places.dtype.type(1)
    lowest, rightmost = places.dtype.type(height + 1), places.dtype.type(width + 1)
    for p in range(places.shape[1]):
        y, x = places[0, p] + one, places[1, p] + one
        y = y if y > zero else zero
        x = x if x > zero else zero
        y = y if y < lowest else lowest
        x = x if x < rightmost else rightmost
        row, column = np.int32(y), np.int32(x)
        down[p], right[p] = y - places.dtype.type(row), x - places.dtype.type(column)
        cells[p] = np.uint32((row * np.int32(width + 3) + column) * np.int32(channels))


@kernel
def _affine(places, maps, out):
    for n in range(len(out)):
        before = places[min(n, len(places) - 1)]
        for axis in range(2):
            a, b, c = maps[n, axis, 0], maps[n, axis, 1], maps[n, axis, 2]
            for p in range(out.shape[2]):
                out[n, axis, p] = a * before[0, p] + b * before[1, p] + c


@kernel
def _smooth(planes, down, across, out):
    count, height, width = planes.shape
    size, rows, none = planes.itemsize, count * height, np.empty(0, planes.dtype)
    middle = np.empty((rows, width), planes.dtype)
    start = middle.ctypes.data
    multiply(planes.ctypes.data, width, 1, across, 0, width, none, start, width, rows, width, width)
    for n in range(count):
        begun = n * height * width
        multiply(down.ctypes.data, height, 1, middle, begun, width, none,
                 out.ctypes.data + size * begun, width, height, width, height)  # fmt: skip


@kernel
def _shift(images, moves, fill):
    count, height, width, channels = images.shape
    size = width * channels
    before = np.empty(height * size, images.dtype)
    for n in range(count):
        down, along = moves[n, 0], moves[n, 1] * channels
        image = images[n].reshape(-1)
        for i in range(len(before)):
            before[i] = image[i]
            image[i] = fill
        for row in range(max(-down, 0), height - max(down, 0)):
            seen = image[row * size + min(max(-along, 0), size) : (row + 1) * size - min(max(along, 0), size)]
            source = before[(row + down) * size + max(along, 0) :]
            for i in range(len(seen)):
                seen[i] = source[i]
