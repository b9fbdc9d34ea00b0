"""The arithmetic of places along an axis, against its definition."""

from itertools import product

import numpy as np
import pytest

from model.convolution.axis import Axis, axes

SIZES = [
    (size, kernel, stride, dilation, before)
    for size, kernel, stride, dilation, before in product((1, 4, 7), (1, 2, 3), (1, 2, 3), (1, 2), (0, 1, 3))
    if size + 2 * before >= dilation * (kernel - 1) + 1
]


def axis_of(size: int, kernel: int, stride: int, dilation: int, before: int) -> Axis:
    """Rows with the same margin before and after."""
    return axes((size, 1), (kernel, 1), (stride, 1), (before, 0), (dilation, 1))[0]


def links(axis: Axis) -> set[tuple[int, int, int]]:
    """(output, place, pixel) for every pixel of the image that a kernel sees, by the definition."""
    found = {
        (y, i, axis.stride * y + axis.dilation * i - axis.before) for y in range(axis.count) for i in range(axis.kernel)
    }
    return {(y, i, pixel) for y, i, pixel in found if 0 <= pixel < axis.size}


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_outputs_find_their_pixels_in_the_framed_image(sizes: tuple[int, int, int, int, int]) -> None:
    axis = axis_of(*sizes)
    frame = np.full(axis.length, -1)
    frame[axis.inside] = np.arange(axis.size)[axis.seen]
    found = {(y, i, int(pixel)) for i, place in enumerate(axis.places) for y, pixel in enumerate(frame[place])}
    assert {link for link in found if link[2] >= 0} == links(axis)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_way_back_links_the_same_pixels_and_outputs(sizes: tuple[int, int, int, int, int]) -> None:
    axis = axis_of(*sizes)
    back = axis.backward()
    found = {
        (output, i, axis.stride * x + phase)
        for i, (phase, place) in enumerate(zip(back.phases, back.places, strict=True))
        for x, back_place, output in links(back.axis)
        if back_place == place and axis.stride * x + phase < axis.size
    }
    assert found == links(axis)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_lines_of_the_least_width_may_follow_each_other(sizes: tuple[int, int, int, int, int]) -> None:
    axis = axis_of(*sizes)
    width = max(axis.least_width, axis.count * axis.stride)
    lines = np.full((2, width), -1)
    lines[:, axis.inside] = np.arange(axis.size)[axis.seen]
    endless = np.append(lines, np.full(axis.length, -1))
    for y, i in np.ndindex(axis.count, axis.kernel):
        place = axis.stride * y + axis.dilation * i
        pixel = place - axis.before
        expected = pixel if 0 <= pixel < axis.size else -1
        assert endless[place] == endless[width + place] == expected
