"""A confusion matrix can be read for few classes and many."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from base.types import Array
from logger.pictures.confusion import draw_confusion
from logger.pictures.style import contrast


def counts(classes: int) -> Array:
    """All right, but one of the first class that is taken for the last."""
    table = 9 * np.eye(classes, dtype=np.int64)
    table[0, -1] = 1
    return table


def cells(figure: Figure) -> Array:
    """The shares that are shown: those that are right from one image, the others from another."""
    right, wrong = (np.ma.filled(image.get_array(), 0) for image in figure.axes[0].images)
    return np.asarray(right + wrong)


def below(figure: Figure) -> str:
    """What stands below the title, in one line."""
    return figure.axes[0].get_title("left").replace("\n", " ")


def draw(table: Array) -> None:
    draw_confusion(table, [f"class {i}" for i in range(len(table))], "title", Path("x"))


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_confusion(counts(3), ["a", "b", "c"], "title", tmp_path / "confusion.png")
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("classes", "texts"), [(2, {"9\n90.0 %", "1\n10.0 %", "9\n100 %"}), (26, {"9", "1"}), (100, set())]
)
def test_cells_are_shares_of_rows_and_say_what_there_is_room_for(
    figures: list[Figure], classes: int, texts: set[str]
) -> None:
    draw(counts(classes))
    axes = figures[0].axes[0]
    shown = cells(figures[0])
    assert (shown[0, 0], shown[0, -1], shown[1, 0], shown[1, 1]) == (0.9, 0.1, 0, 1)
    assert {text.get_text() for text in axes.texts} == texts
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "true class")


@pytest.mark.parametrize("classes", [2, 10, 30])
def test_all_text_can_be_read_on_its_ground(figures: list[Figure], classes: int) -> None:
    draw(np.arange(classes**2).reshape(classes, classes) ** 3)
    figures[0].draw_without_rendering()
    axes = figures[0].axes[0]
    for text in figures[0].findobj(Text):
        ground = "#ffffff"
        if text in axes.texts:
            column, row = (round(number) for number in text.get_position())
            image = axes.images[row != column]
            ground = to_hex(image.cmap(image.norm(cells(figures[0])[row, column])))
        assert contrast(to_hex(text.get_color()), ground) >= 4.5


def test_right_and_wrong_have_colours_of_their_own(figures: list[Figure]) -> None:
    draw(np.full((3, 3), 5))
    right, wrong = (image.cmap(image.norm(0.5)) for image in figures[0].axes[0].images)
    assert right[2] > right[0]
    assert wrong[0] > wrong[2]


def test_names_do_not_touch_each_other(figures: list[Figure]) -> None:
    for classes in (26, 40, 300):
        draw(counts(classes))
        figures[-1].draw_without_rendering()
        places = [label.get_window_extent() for label in figures[-1].axes[0].get_yticklabels()]
        assert all(upper.y0 >= lower.y1 - 2 for upper, lower in pairwise(places))


def test_the_title_names_what_is_confused_most(figures: list[Figure]) -> None:
    draw(counts(3))
    draw(9 * np.eye(3, dtype=np.int64))
    titles = [f"{figure.get_suptitle()} {below(figure)}" for figure in figures]
    assert titles == [
        "title 1 of 28 are wrong; most often: class 0 taken for class 2 (1)",
        "title all 27 are right",
    ]


def test_no_line_of_the_title_ends_within_a_confusion(figures: list[Figure]) -> None:
    for classes in (2, 3, 5, 10, 26):
        draw(5 * np.ones((classes, classes), dtype=np.int64))
        lines = figures[-1].axes[0].get_title("left").split("\n")
        assert all(line[-1] in ":,;)" for line in lines)


def test_a_class_without_samples_is_an_empty_row(figures: list[Figure]) -> None:
    draw(np.array([[0, 0], [3, 1]]))
    assert cells(figures[0]).tolist() == [[0, 0], [0.75, 0.25]]
