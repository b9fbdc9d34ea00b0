"""A sheet has a line for each image: the original, then its versions."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from base.types import Array
from logger.pictures.augmentation import draw_sheet


def images(channels: int, seed: int = 1) -> Array:
    """Three images with numbers from -1 to 3."""
    x = np.random.default_rng(seed).uniform(-1, 3, (3, 6, 4, channels))
    x[0, 0, 0], x[0, 0, 1] = -1, 3
    return x


@pytest.mark.parametrize("channels", [1, 3])
def test_a_png_is_written(tmp_path: Path, channels: int) -> None:
    draw_sheet(images(channels), [images(channels, 2)], "title", tmp_path / "sheet.png")
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("channels", [1, 3])
def test_all_images_stand_in_their_line_on_the_scale_of_the_originals(figures: list[Figure], channels: int) -> None:
    columns = [images(channels), 2 * images(channels, 2), images(channels, 3)]
    draw_sheet(columns[0], columns[1:], "some title", Path("x"))
    shown = [axes.images[0] for axes in figures[0].axes]
    assert len(shown) == 9
    assert figures[0].get_suptitle() == "some title"
    for place, picture in enumerate(shown):
        column, line = divmod(place, 3)
        wanted = np.clip((columns[column][line] + 1) / 4, 0, 1)
        np.testing.assert_allclose(np.asarray(picture.get_array()).reshape(wanted.shape), wanted)
        assert picture.get_clim() == (0, 1)


def test_originals_that_are_all_the_same_are_drawn(figures: list[Figure]) -> None:
    draw_sheet(np.ones((2, 3, 3, 1)), [np.ones((2, 3, 3, 1))], "title", Path("x"))
    figures[0].draw_without_rendering()
    assert all(np.all(axes.images[0].get_array() == 0) for axes in figures[0].axes)
