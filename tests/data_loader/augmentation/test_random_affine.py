"""The affine augmentations draw from their ranges and turn the way they say."""

import numpy as np
import pytest

from base.types import Array
from data_loader.augmentation.random_affine import RandomAffine
from data_loader.augmentation.random_rotation import RandomRotation
from data_loader.augmentation.random_scale import RandomScale
from data_loader.augmentation.random_shear import RandomShear
from data_loader.resampling.affine import AffineMaps, AffineResampling

COUNT = 4000
NOTHING = {"angle": (0, 0), "scale": (1, 1), "shear_x": (0, 0), "shear_y": (0, 0), "right": (0, 0), "down": (0, 0)}
RANGES = [
    (RandomRotation(10), {"angle": (-10, 10)}),
    (RandomRotation((10, 30)), {"angle": (-30, -10)}),
    (RandomScale((0.5, 1.5)), {"scale": (0.5, 1.5)}),
    (RandomShear(20), {"shear_x": (-20, 20)}),
    (RandomShear((5, 20)), {"shear_x": (5, 20)}),
    (RandomShear((5, 20, -8, 0)), {"shear_x": (5, 20), "shear_y": (-8, 0)}),
    (RandomAffine(0), {}),
    (RandomAffine(10, translate=(0.1, 0.25)), {"angle": (-10, 10), "right": (-4, 4), "down": (-5, 5)}),
    (RandomAffine((2, 3), scale=(1, 2), shear=7), {"angle": (2, 3), "scale": (1, 2), "shear_x": (-7, 7)}),
    (RandomAffine(0, shear=(1, 2, 3, 4)), {"shear_x": (1, 2), "shear_y": (3, 4)}),
]


def applied(change: AffineResampling, x: Array) -> Array:
    """What becomes of a copy."""
    return change.apply(x.copy(), np.empty(0), np.random.default_rng(1))[0]


def images(channels: int = 2) -> Array:
    return np.random.default_rng(2).standard_normal((5, 8, 8, channels)).astype("float32")


@pytest.mark.parametrize(("change", "ranges"), RANGES)
def test_each_property_is_uniform_over_its_range(
    change: AffineResampling, ranges: dict[str, tuple[float, float]]
) -> None:
    maps = change.draw(COUNT, (20, 40), np.random.default_rng(4))
    for name, (low, high) in (NOTHING | ranges).items():
        found = np.broadcast_to(getattr(maps, name), COUNT)
        assert low <= found.min() <= found.max() <= high, name
        quartiles = np.quantile(found, [0, 0.25, 0.5, 0.75, 1])
        np.testing.assert_allclose(quartiles, np.linspace(low, high, 5), rtol=0, atol=0.03 * (high - low), err_msg=name)


def test_properties_are_drawn_independently() -> None:
    change = RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1), shear=(-5, 5, -5, 5))
    maps: AffineMaps = change.draw(COUNT, (20, 20), np.random.default_rng(4))
    correlations = np.corrcoef(np.stack([np.asarray(field) for field in vars(maps).values()]))
    assert np.abs(correlations - np.eye(6)).max() < 5 / np.sqrt(COUNT)


@pytest.mark.parametrize(
    "change", [RandomRotation(0), RandomScale((1, 1)), RandomShear(0), RandomAffine(0), RandomAffine(0, (0, 0))]
)
def test_a_range_of_nothing_gives_the_very_images(change: AffineResampling) -> None:
    np.testing.assert_array_equal(applied(change, images()), images())


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_rotation_turns_counter_clockwise_and_affine_clockwise_as_in_torchvision(turns: int) -> None:
    x, degrees = images(), 90.0 * turns
    turned = np.rot90(x, turns, axes=(1, 2))
    np.testing.assert_allclose(applied(RandomRotation((degrees, degrees)), x), turned, rtol=0, atol=1e-5)
    np.testing.assert_allclose(applied(RandomAffine((-degrees, -degrees)), x), turned, rtol=0, atol=1e-5)


def test_translation_moves_to_the_right_and_down_by_fractions_of_width_and_height() -> None:
    x = np.zeros((300, 21, 21, 1))
    x[:, 10, 10] = 1
    moved = applied(RandomAffine(0, translate=(0.25, 0)), x)[..., 0]
    assert np.allclose(moved[:, 10].sum(axis=1), 1)
    columns = (moved[:, 10] * np.arange(21)).sum(axis=1) - 10
    assert -5.25 <= columns.min() < -4.5
    assert 4.5 < columns.max() <= 5.25


def test_a_scale_above_1_enlarges() -> None:
    x = np.zeros((1, 20, 20, 1))
    x[:, 8:12, 8:12] = 1
    assert applied(RandomScale((2, 2)), x).sum() == pytest.approx(4 * 16)
    assert applied(RandomScale((0.5, 0.5)), x).sum() == pytest.approx(16 / 4)


def test_a_shear_above_0_leans_to_the_right() -> None:
    x = np.zeros((1, 21, 21, 1))
    x[:, :, 10] = 1
    leaning = applied(RandomShear((45 - 1e-9, 45 - 1e-9)), x)[0, :, :, 0]
    np.testing.assert_allclose(leaning, np.fliplr(np.eye(21)), rtol=0, atol=1e-6)
