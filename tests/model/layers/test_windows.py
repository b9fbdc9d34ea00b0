"""Where windows lie."""

import pytest

from model.layers.windows import Windows, pair


def test_a_number_stands_for_height_and_width() -> None:
    assert pair(3) == (3, 3)
    assert pair((2, 5)) == (2, 5)


def test_places_are_listed_row_by_row_and_stop_at_the_last_whole_window() -> None:
    windows = Windows(image=(5, 3), kernel=(2, 1), stride=(3, 1), padding=(0, 0))
    assert windows.count == (2, 3)
    assert windows.places == [(slice(0, 4, 3), slice(0, 3, 1)), (slice(1, 5, 3), slice(0, 3, 1))]


@pytest.mark.parametrize(
    ("image", "kernel", "stride", "padding", "apart", "cover"),
    [
        ((4, 6), (2, 2), (2, 2), (0, 0), True, True),
        ((5, 6), (2, 2), (2, 2), (0, 0), True, False),
        ((2, 4), (2, 2), (2, 2), (1, 1), True, True),
        ((4, 4), (2, 2), (3, 2), (0, 0), True, False),
        ((4, 4), (2, 2), (1, 2), (0, 0), False, False),
        ((3, 3), (3, 1), (3, 2), (0, 0), True, False),
    ],
)
def test_they_know_whether_they_are_apart_and_cover_everything(
    image: tuple[int, int],
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    apart: bool,
    cover: bool,
) -> None:
    windows = Windows(image, kernel, stride, padding)
    assert (windows.are_apart, windows.cover) == (apart, cover)
