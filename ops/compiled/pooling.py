"""Pooling of images, forward and backward, compiled.

Pixels are written in order, a vector of channels at a time. Where channels fill no vector, it reaches into the next
pixel, which is written afterwards.
"""

import numpy as np

from base.types import Array
from ops.compiled.arrays import whole, written
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.strips import CHAIN, add_strips, copy_on, fill, fold, load_within, store_within, strip_length
from ops.compiled.vector import (
    is_equal,
    is_larger_or_nan,
    lanes_of,
    load,
    load_numbers,
    spread,
    store,
    store_numbers,
    where,
)
from ops.formulas.pooling import Pooling, PoolWindows

_WORTH_VECTORS = 16  # channels from which whole windows are written faster than each gradient by itself


class CompiledPooling(Pooling):
    """Pooling of images, forward and backward."""

    def max_pool2d(self, x: Array, windows: PoolWindows, out: Array, winners: Array) -> Array:
        if not x.size:
            return super().max_pool2d(x, windows, out, winners)
        _max_pool(whole(x), *windows, written(out), written(winners))
        return out

    def max_pool2d_gradient(self, dy: Array, windows: PoolWindows, winners: Array, out: Array) -> Array:
        if not dy.size:
            return super().max_pool2d_gradient(dy, windows, winners, out)
        are_tiles = windows.kernel == windows.stride and windows.padding == (0, 0)
        if are_tiles and dy.shape[-1] >= _WORTH_VECTORS:
            _tiles_gradient(whole(dy), windows.kernel, winners, written(out))
        else:
            _max_pool_gradient(whole(dy), *windows, winners, written(out))
        return out

    def avg_pool2d(self, x: Array, windows: PoolWindows, count_include_pad: bool, out: Array) -> Array:
        _avg_pool(whole(x), *windows, count_include_pad, written(out))
        return out

    def avg_pool2d_gradient(self, dy: Array, windows: PoolWindows, count_include_pad: bool, out: Array) -> Array:
        _avg_pool_gradient(whole(dy), *windows, count_include_pad, written(out))
        return out

    def global_avg_pool2d(self, x: Array, out: Array) -> Array:
        _global_avg_pool(whole(x).reshape(-1), written(out))
        return out

    def global_avg_pool2d_gradient(self, dy: Array, out: Array) -> Array:
        if not dy.size:
            return super().global_avg_pool2d_gradient(dy, out)
        _global_avg_pool_gradient(whole(dy), written(out).reshape(len(out), -1, out.shape[-1]))
        return out


@subroutine
def reach(window, length, kernel, stride, padding):
    """The first pixel of a window on the image, and its range of places there."""
    start = window * stride - padding
    first, last = max(0, -start), min(kernel, length - start)
    return start + first, first, last


@kernel
def _max_pool(x, kernel, stride, padding, out, winners):
    (count, height, width, channels), (_, rows, columns, _) = x.shape, out.shape
    lanes, number, to = lanes_of(x), x.dtype.type, 0
    for image in range(count):
        for row in range(rows):
            top, first_i, last_i = reach(row, height, kernel[0], stride[0], padding[0])
            for column in range(columns):
                left, first_j, last_j = reach(column, width, kernel[1], stride[1], padding[1])
                start = ((image * height + top) * width + left) * channels
                for channel in range(0, channels, lanes):
                    largest, one = spread(number(-np.inf)), spread(number(1))
                    winner = spread(number(first_i * kernel[1] + first_j))
                    for i in range(first_i, last_i):
                        at = start + (i - first_i) * width * channels + channel
                        place = spread(number(i * kernel[1] + first_j))
                        for _ in range(first_j, last_j):
                            pixel = load_within(x, at)
                            is_larger = is_larger_or_nan(pixel, largest)
                            largest = where(is_larger, pixel, largest)
                            winner = where(is_larger, place, winner)
                            place = place + one
                            at += channels
                    store_within(out, to + channel, largest)
                    store_numbers(winners, to + channel, winner, winners.size - to - channel)
                to += channels


@kernel
def _max_pool_gradient(dy, kernel, stride, padding, winners, out):
    """Add each gradient to that of its winner, which lies a step from where the window begins."""
    (count, height, width, channels), (_, rows, columns, _) = out.shape, dy.shape
    steps = np.empty(kernel[0] * kernel[1], np.uintp)
    for place in range(steps.size):
        steps[place] = (place // kernel[1] * width + place % kernel[1]) * channels
    numbers, places, sums, at = dy.reshape(-1), winners.reshape(-1), out.reshape(-1), 0
    fill(sums, 0, sums.size, 0)
    for image in range(count):
        for row in range(rows):
            for column in range(columns):
                top, left = row * stride[0] - padding[0], column * stride[1] - padding[1]
                start = ((image * height + top) * width + left) * channels
                for channel in range(channels):
                    to = np.uintp(start + channel) + steps[places[np.uintp(at + channel)]]
                    sums[to] += numbers[np.uintp(at + channel)]
                at += channels


@kernel
def _tiles_gradient(dy, kernel, winners, out):
    """Write every number once, where each lies in one window, or in none at the end of a row or column."""
    (count, height, width, channels), (_, rows, columns, _) = out.shape, dy.shape
    lanes, number = lanes_of(dy), dy.dtype.type
    zero, one, flat = spread(number(0)), spread(number(1)), out.reshape(-1)
    for image in range(count):
        for h in range(rows * kernel[0]):
            row, i = h // kernel[0], h % kernel[0]
            at, to = (image * rows + row) * columns * channels, (image * height + h) * width * channels
            for _ in range(columns):
                place = spread(number(i * kernel[1]))
                for _ in range(kernel[1]):
                    for channel in range(0, channels, lanes):
                        grad, left = load_within(dy, at + channel), winners.size - at - channel
                        is_winner = is_equal(load_numbers(winners, at + channel, left, grad), place)
                        store_within(out, to + channel, where(is_winner, grad, zero))
                    place = place + one
                    to += channels
                at += channels
            fill(flat, to, (image * height + h + 1) * width * channels, 0)
        fill(flat, (image * height + rows * kernel[0]) * width * channels, (image + 1) * height * width * channels, 0)


@kernel
def _avg_pool(x, kernel, stride, padding, count_include_pad, out):
    (count, height, width, channels), (_, rows, columns, _) = x.shape, out.shape
    lanes, number, to = lanes_of(x), x.dtype.type, 0
    for image in range(count):
        for row in range(rows):
            top, first_i, last_i = reach(row, height, kernel[0], stride[0], padding[0])
            for column in range(columns):
                left, first_j, last_j = reach(column, width, kernel[1], stride[1], padding[1])
                start = ((image * height + top) * width + left) * channels
                inside = (last_i - first_i) * (last_j - first_j)
                share = spread(number(1 / (kernel[0] * kernel[1] if count_include_pad else inside)))
                for channel in range(0, channels, lanes):
                    total = spread(number(0))
                    for i in range(last_i - first_i):
                        at = start + i * width * channels + channel
                        for _ in range(last_j - first_j):
                            total = total + load_within(x, at)
                            at += channels
                    store_within(out, to + channel, total * share)
                to += channels


@kernel
def _avg_pool_gradient(dy, kernel, stride, padding, count_include_pad, out):
    """Windows above each other are added first, as whole rows, and then those beside each other."""
    (count, height, width, channels), (_, rows, columns, _) = out.shape, dy.shape
    lanes, number, length, to = lanes_of(dy), dy.dtype.type, columns * channels, 0
    summed, shares = np.empty(length + lanes, dy.dtype), np.empty(length + lanes, dy.dtype)
    firsts, lasts = np.empty(width, np.intp), np.empty(width, np.intp)
    for w in range(width):
        firsts[w], lasts[w] = windows_over(w, columns, kernel[1], stride[1], padding[1])
    for column in range(columns):
        _, first_j, last_j = reach(column, width, kernel[1], stride[1], padding[1])
        share = 1 / (kernel[1] if count_include_pad else last_j - first_j)
        fill(shares, column * channels, (column + 1) * channels, share)
    for image in range(count):
        for h in range(height):
            first, last = windows_over(h, rows, kernel[0], stride[0], padding[0])
            fill(summed, 0, summed.size, 0)
            for row in range(first, last):
                _, first_i, last_i = reach(row, height, kernel[0], stride[0], padding[0])
                share = spread(number(1 / (kernel[0] if count_include_pad else last_i - first_i)))
                start = (image * rows + row) * length
                for position in range(0, length, lanes):
                    added = load_within(dy, start + position) * load(shares, position) * share
                    store(summed, position, load(summed, position) + added)
            for w in range(width):
                for channel in range(0, channels, lanes):
                    total = spread(number(0))
                    for column in range(firsts[w], lasts[w]):
                        total = total + load(summed, column * channels + channel)
                    store_within(out, to + channel, total)
                to += channels


@subroutine
def windows_over(position, count, kernel, stride, padding):
    """The first of the windows that a pixel lies in, and the one after the last."""
    behind = position + padding - kernel
    return behind // stride + 1 if behind >= 0 else 0, min(count, (position + padding) // stride + 1)


@kernel
def _global_avg_pool(x, out):
    """The places of an image are the rows of strips."""
    count, channels = out.shape
    places = x.size // out.size
    lanes, length, share = lanes_of(x), strip_length(channels), x.dtype.type(1 / places)
    chain, total = np.empty(length + lanes, x.dtype), np.empty(channels, x.dtype)
    for image in range(count):
        fill(total, 0, channels, 0)
        end = (image + 1) * places * channels
        for start in range(image * places * channels, end, CHAIN * length):
            fill(chain, 0, length, 0)
            add_strips(x, start, min(start + CHAIN * length, end), length, chain)
            fold(chain, length, channels)
            for channel in range(channels):
                total[channel] += chain[channel]
        for channel in range(channels):
            out[image, channel] = total[channel] * share


@kernel
def _global_avg_pool_gradient(dy, out):
    count, places, channels = out.shape
    share, flat = dy.dtype.type(1 / places), out.reshape(-1)
    for image in range(count):
        start = image * places * channels
        for channel in range(channels):
            flat[start + channel] = dy[image, channel] * share
        copy_on(flat, start, channels, places * channels)
