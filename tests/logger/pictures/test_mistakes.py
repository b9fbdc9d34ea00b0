"""Mistakes are shown with what they are and were taken for."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from logger.pictures.mistakes import Caption, draw_mistakes


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_mistakes(np.eye(4)[None], [Caption("4", "9", "50 % sure")], "title", tmp_path / "mistakes.png")
    assert (tmp_path / "mistakes.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("shape", [(24, 28, 28, 1), (7, 8, 8), (3, 32, 32, 3), (1, 20, 5, 4)])
def test_each_image_stands_below_its_caption(figures: list[Figure], shape: tuple[int, ...]) -> None:
    samples = np.random.default_rng(1).random(shape)
    draw_mistakes(samples, [Caption(f"t{i}", f"p{i}", f"{i} %") for i in range(len(samples))], "title", Path("x"))
    drawn = [axes for axes in figures[0].axes if axes.images]
    assert [axes.get_title("left") for axes in drawn] == [f"is t{i}\nsaid p{i}\n{i} %" for i in range(len(samples))]
    low, high = samples.min(), samples.max()
    if shape[-1] == 3:
        np.testing.assert_allclose(drawn[2].images[0].get_array(), (samples[2] - low) / (high - low))


def test_captions_of_neighbours_do_not_touch(figures: list[Figure]) -> None:
    long = Caption("mahogany mahogany mahogany", "wide white squares with a long name", "99.9 % sure")
    draw_mistakes(np.zeros((6, 28, 28)), [long] * 6, "title", Path("x"))
    figures[0].draw_without_rendering()
    boxes = [axes.title.get_window_extent() for axes in figures[0].axes]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
