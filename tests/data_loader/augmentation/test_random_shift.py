"""RandomShift moves whole images by whole pixels."""

from collections import Counter

import numpy as np
import pytest

from base.types import Array
from data_loader.augmentation.random_shift import RandomShift

HEIGHT, WIDTH = 6, 7


def images(count: int, channels: int = 2) -> Array:
    """Equal images whose numbers are all different, and none of them 0."""
    image = np.arange(1, HEIGHT * WIDTH * channels + 1, dtype=np.float64).reshape(HEIGHT, WIDTH, channels)
    return np.repeat(image[None], count, axis=0)


def moved(image: Array, down: int, right: int) -> Array:
    """The image moved pixel by pixel; what comes in is 0."""
    result = np.zeros_like(image)
    for row in range(HEIGHT):
        for column in range(WIDTH):
            if 0 <= row - down < HEIGHT and 0 <= column - right < WIDTH:
                result[row, column] = image[row - down, column - right]
    return result


@pytest.mark.parametrize("edge", [1, 2, 5])
def test_each_image_is_moved_as_a_whole_and_every_move_in_range_is_equally_likely(edge: int) -> None:
    span = range(-edge, edge + 1)
    original = images(1)[0]
    possible = {moved(original, down, right).tobytes(): (down, right) for down in span for right in span}
    count = 200 * len(possible)
    found = Counter(
        possible[image.tobytes()]
        for image in RandomShift(edge).apply(images(count), np.empty(0), np.random.default_rng(1))[0]
    )
    assert set(found) == set(possible.values())
    assert all(abs(times - 200) < 5 * np.sqrt(200) for times in found.values())


def test_what_comes_in_at_the_edge_is_fill() -> None:
    after = RandomShift(2, fill=-7).apply(images(30), np.empty(0), np.random.default_rng(1))[0]
    assert (after != 0).all()
    black = RandomShift(2).apply(images(30), np.empty(0), np.random.default_rng(1))[0]
    np.testing.assert_array_equal(np.where(after == -7, 0, after), black)


def test_the_batch_itself_is_changed() -> None:
    x = images(3)
    assert np.shares_memory(RandomShift(1).apply(x, np.empty(0), np.random.default_rng(1))[0], x)
