"""Kernels of every kind of convolution."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from base.types import Array
from logger.pictures.kernels import draw_kernels


def some(*shape: int) -> Array:
    return np.random.default_rng(1).standard_normal(shape)


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_kernels({"conv2d1": some(3, 3, 1, 2)}, None, tmp_path / "kernels.png")
    assert (tmp_path / "kernels.png").read_bytes().startswith(b"\x89PNG")


def test_kernels_of_one_input_are_tiles_in_their_order(figures: list[Figure]) -> None:
    weights = some(18, 18, 1, 4)
    draw_kernels({"conv2d1": weights}, None, Path("x"))
    axes = figures[0].axes[0]
    shown = np.asarray(axes.images[0].get_array())
    np.testing.assert_allclose(shown[:18, 20:38], weights[:, :, 0, 1], rtol=1e-6)
    np.testing.assert_allclose(shown[20:38, :18], weights[:, :, 0, 2], rtol=1e-6)
    assert axes.get_title("left") == "conv2d1\n4 kernels 18 x 18"


def test_kernels_of_several_inputs_have_a_row_each(figures: list[Figure]) -> None:
    weights = some(18, 18, 2, 3)
    draw_kernels({"conv2d1": weights}, None, Path("x"))
    shown = np.asarray(figures[0].axes[0].images[0].get_array())
    np.testing.assert_allclose(shown[40:58, 20:38], weights[:, :, 1, 2], rtol=1e-6)


def test_kernels_that_see_colours_are_colours(figures: list[Figure]) -> None:
    draw_kernels({"conv2d1": some(5, 5, 3, 9)}, "conv2d1", Path("x"))
    axes = figures[0].axes[0]
    assert np.shape(axes.images[0].get_array())[2:] == (3,)
    assert axes.get_title("left").endswith("grey is 0")


@pytest.mark.parametrize(
    ("shape", "title"),
    [
        ((3, 3, 1, 128), "the first 64 of 128 kernels 3 x 3"),
        ((1, 1, 300, 8), "8 kernels 1 x 1 (down)\nfor the first 256 of 300 inputs (across)"),
        ((3, 3, 64, 32), "the first 8 of 32 kernels 3 x 3 (down)\nfor the first 8 of 64 inputs (across)"),
        ((1, 7, 1, 1), "1 kernel 1 x 7"),
    ],
)
def test_titles_say_how_much_is_shown(figures: list[Figure], shape: tuple[int, ...], title: str) -> None:
    draw_kernels({"layer": some(*shape)}, None, Path("x"))
    assert figures[0].axes[0].get_title("left") == f"layer\n{title}"


def test_of_many_layers_some_are_drawn_first_and_last_among_them(figures: list[Figure]) -> None:
    draw_kernels({f"conv{i}": some(3, 3, 4, 4) for i in range(50)}, None, Path("x"))
    titles = [title.split("\n")[0] for axes in figures[0].axes if (title := axes.get_title("left"))]
    assert (len(titles), titles[0], titles[-1]) == (12, "conv0", "conv49")
    assert figures[0].get_suptitle() == "kernels of 12 of 50 layers"
