"""Cutout paints squares over, whose centres are any pixel."""

from collections import Counter

import numpy as np

from base.types import Array
from data_loader.augmentation.cutout import Cutout


def cut(change: Cutout, count: int = 2000) -> Array:
    """Which pixels (count, H, W) are painted over; they must be in every channel."""
    x = np.ones((count, 6, 5, 2))
    after = change.apply(x, np.empty(0), np.random.default_rng(1))[0]
    assert set(np.unique(after)) <= {1, change.fill}
    assert (after[..., 0] == after[..., 1]).all()
    return after[..., 0] == change.fill


def test_every_pixel_is_equally_often_the_centre_of_a_whole_square() -> None:
    found = cut(Cutout(1, fill=-2))
    assert (found.sum(axis=(1, 2)) == 1).all()
    assert (abs(found.sum(axis=0) - 2000 / 30) < 5 * np.sqrt(2000 / 30)).all()


def test_a_square_is_cut_off_at_the_edge() -> None:
    areas = Counter(cut(Cutout(3)).sum(axis=(1, 2)).tolist())
    assert set(areas) == {4, 6, 9}
    assert abs(areas[9] / 2000 - 12 / 30) < 0.06
    assert abs(areas[4] / 2000 - 4 / 30) < 0.04


def test_holes_are_placed_independently() -> None:
    areas = cut(Cutout(1, holes=2)).sum(axis=(1, 2))
    assert set(areas.tolist()) == {1, 2}
    assert abs((areas == 1).mean() - 1 / 30) < 0.02
