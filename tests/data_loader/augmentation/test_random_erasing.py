"""RandomErasing overwrites a rectangle whose area and shape are in range."""

import numpy as np
import pytest

from base.types import Array
from data_loader.augmentation.random_erasing import RandomErasing


def erased(change: RandomErasing, count: int = 3000, shape: tuple[int, int] = (60, 40)) -> Array:
    """Which pixels (count, H, W) are overwritten; they must be in every channel."""
    after = change.apply(np.full((count, *shape, 2), 7.0), np.empty(0), np.random.default_rng(1))[0]
    gone: Array = after != 7
    assert (gone[..., 0] == gone[..., 1]).all()
    return gone[..., 0]


def test_what_is_erased_is_a_rectangle_with_area_and_ratio_in_range() -> None:
    gone = erased(RandomErasing(p=1, scale=(0.05, 0.2), ratio=(0.5, 2)))
    heights, widths = gone.any(axis=2).sum(axis=1), gone.any(axis=1).sum(axis=1)
    np.testing.assert_array_equal(gone.sum(axis=(1, 2)), heights * widths)
    area = heights * widths / 2400
    assert 0.045 < area.min() < 0.06 < 0.19 < area.max() < 0.215
    assert area.mean() == pytest.approx(0.125, rel=0.03)
    ratio = np.log(heights / widths)
    assert np.log(0.45) < ratio.min() < np.log(0.55) < np.log(1.8) < ratio.max() < np.log(2.2)
    assert abs(ratio.mean()) < 0.03


def test_every_place_where_the_rectangle_fits_is_equally_likely() -> None:
    gone = erased(RandomErasing(p=1, scale=(0.25, 0.25), ratio=(1, 1)), shape=(8, 8))
    corners = gone.any(axis=2).argmax(axis=1) * 5 + gone.any(axis=1).argmax(axis=1)
    assert (gone.sum(axis=(1, 2)) == 16).all()
    assert (abs(np.bincount(corners, minlength=25) - 120) < 5 * np.sqrt(120)).all()


def test_an_image_stays_where_no_rectangle_is_smaller_than_it() -> None:
    assert not erased(RandomErasing(p=1, scale=(1, 1), ratio=(1, 1)), shape=(8, 8)).any()
    assert not erased(RandomErasing(p=1, scale=(0.5, 0.5), ratio=(9, 9)), shape=(8, 8)).any()


def test_another_rectangle_is_tried_where_the_first_does_not_fit() -> None:
    tall = erased(RandomErasing(p=1, scale=(0.3, 0.3), ratio=(0.1, 10)), shape=(40, 40)).any(axis=(1, 2))
    assert tall.mean() > 0.99


def test_random_writes_standard_normal_numbers_into_every_channel() -> None:
    x = np.full((400, 10, 10, 3), 7.0)
    after = RandomErasing(p=1, scale=(0.2, 0.3), value="random").apply(x.copy(), np.empty(0), np.random.default_rng(1))[
        0
    ]
    written = after[after != 7]
    assert len(np.unique(written)) == len(written)
    assert abs(written.mean()) < 0.03
    assert written.std() == pytest.approx(1, abs=0.03)


def test_a_number_is_written_as_it_is() -> None:
    after = RandomErasing(p=1, value=0.5).apply(np.full((50, 10, 10, 3), 7.0), np.empty(0), np.random.default_rng(1))[0]
    assert set(np.unique(after)) == {0.5, 7}
