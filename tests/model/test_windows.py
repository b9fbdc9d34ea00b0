"""How many windows fit."""

import pytest

from model.windows import Pair, pair, pooled_size
from ops.formulas.pooling import PoolWindows


def test_a_number_stands_for_height_and_width() -> None:
    assert pair(3) == (3, 3)
    assert pair((2, 5)) == (2, 5)


@pytest.mark.parametrize(
    ("image", "kernel", "stride", "padding", "size"),
    [
        ((5, 3), (2, 1), (3, 1), (0, 0), (2, 3)),
        ((4, 6), (2, 2), (2, 2), (0, 0), (2, 3)),
        ((5, 7), (2, 2), (2, 2), (0, 0), (2, 3)),
        ((2, 4), (2, 2), (2, 2), (1, 1), (2, 3)),
        ((4, 4), (2, 3), (1, 2), (0, 1), (3, 2)),
    ],
)
def test_windows_end_with_the_last_that_is_whole(
    image: Pair, kernel: Pair, stride: Pair, padding: Pair, size: Pair
) -> None:
    assert pooled_size(image, PoolWindows(kernel, stride, padding)) == size
