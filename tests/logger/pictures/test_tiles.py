"""Tiles stand in rows, whole and apart."""

import numpy as np
import pytest

from logger.pictures.tiles import as_images, brightness, is_image, mosaic, reach


def test_every_tile_is_there_and_gaps_are_empty() -> None:
    tiles = np.arange(5)[:, None, None] + np.zeros((5, 40, 20))
    sheet = mosaic(tiles, 3)
    assert sheet.shape == (40 + 4 + 40, 3 * 20 + 2 * 4)
    assert [sheet[0, 0], sheet[20, 24], sheet[39, 48], sheet[44, 19], sheet[83, 24]] == [0, 1, 2, 3, 4]
    assert np.isnan(sheet[40:44]).all()
    assert np.isnan(sheet[:, 20:24]).all()
    assert np.isnan(sheet[44:, 48:]).all()


def test_small_tiles_are_enlarged_so_that_gaps_are_narrow() -> None:
    sheet = mosaic(np.ones((2, 3, 3)), 2)
    assert np.isnan(sheet).mean() < 0.1


def test_gaps_between_colours_are_white() -> None:
    assert (mosaic(np.zeros((2, 20, 20, 3)), 2)[:, 20:22] == 1).all()


@pytest.mark.parametrize(
    ("shape", "image"),
    [((28, 28, 1), True), ((8, 8), True), ((5, 4, 7), True), ((784,), False), ((), False), ((1, 9, 3), False)],
)
def test_images_have_height_and_width(shape: tuple[int, ...], image: bool) -> None:
    assert is_image(shape) == image


@pytest.mark.parametrize(("channels", "shape"), [(1, (2, 4, 4)), (3, (2, 4, 4, 3)), (5, (2, 4, 4))])
def test_channels_become_grey_or_colour(channels: int, shape: tuple[int, ...]) -> None:
    samples = np.random.default_rng(1).random((2, 4, 4, channels))
    images = as_images(samples)
    assert images.shape == shape
    np.testing.assert_allclose(images.reshape(2, 4, 4, -1).mean(axis=3), samples.mean(axis=3))


def test_brightness_spans_all_images_alike() -> None:
    images = brightness(np.array([[[-3, 1]], [[5, 1]]], np.int8))
    assert images.tolist() == [[[0, 0.5]], [[1, 0.5]]]
    assert brightness(np.full((1, 2, 2), 7)).tolist() == [[[0, 0], [0, 0]]]


def test_a_colour_scale_leaves_out_single_large_numbers() -> None:
    assert reach(np.array([*np.linspace(-1, 1, 9999), 1e6])) == pytest.approx(1, abs=0.01)
    assert (reach(np.zeros(4)), reach(np.array([np.nan]))) == (1, 1)
