"""Maps stand below the image that they are of."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from logger.pictures.feature_maps import CHANNELS, LayerMaps, draw_feature_maps


def test_a_png_is_written(tmp_path: Path) -> None:
    maps = LayerMaps("relu1", "ReLU", np.zeros((1, 4, 4, 2)))
    draw_feature_maps(np.zeros((1, 8, 8, 1)), [["a"]], [maps], "title", tmp_path / "maps.png")
    assert (tmp_path / "maps.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("channels", [1, 3])
def test_each_sample_has_a_column_with_the_liveliest_channels_of_each_layer(
    figures: list[Figure], channels: int
) -> None:
    numbers = np.random.default_rng(1)
    maps = numbers.random((2, 18, 18, 10)) * np.arange(10)[::-1]
    layers = [LayerMaps("conv2d1", "Conv2D", maps), LayerMaps("pool", "MaxPool2D", numbers.random((2, 4, 4, 2)))]
    draw_feature_maps(numbers.random((2, 18, 18, channels)), [["one"], ["two", "more"]], layers, "title", Path("x"))
    axes = figures[0].axes
    assert [one.get_title() for one in axes[:2]] == ["one", "two\nmore"]
    shown = np.asarray(axes[3].images[0].get_array())
    assert shown.shape == (18, CHANNELS * 18 + (CHANNELS - 1) * 2)
    np.testing.assert_allclose(shown[:, 20:38], maps[1, :, :, 1], rtol=1e-6)
    assert axes[2].images[0].get_clim() == axes[3].images[0].get_clim()
    assert axes[4].get_ylabel() == "pool\nMaxPool2D\n4 x 4 x 2"


def test_names_of_40_letters_stand_side_by_side_within_the_picture(figures: list[Figure]) -> None:
    names = [letter * 40 for letter in "WMn"]
    maps = LayerMaps("relu1", "ReLU", np.zeros((3, 4, 4, 2)))
    draw_feature_maps(
        np.zeros((3, 8, 8)), [[name, "validation sample 12345"] for name in names], [maps], "t", Path("x")
    )
    figures[0].draw_without_rendering()
    places = [axes.title.get_window_extent() for axes in figures[0].axes[:3]]
    assert [text.get_title().split("\n")[0] for text in figures[0].axes[:3]] == names
    assert all(left.x1 < right.x0 for left, right in pairwise(places))
    assert places[0].x0 > 0
    assert places[-1].x1 < figures[0].bbox.x1
