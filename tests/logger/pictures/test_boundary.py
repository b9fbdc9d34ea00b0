"""The plane, and the points in it, as they are and as they are seen."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

from logger.pictures.boundary import Plane, PointSet, draw_boundary

POINTS = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]])
BOX = (-0.5, 1.5, -0.5, 1.5)


def plane(classes: int) -> Plane:
    said = np.arange(400).reshape(20, 20) * classes // 400
    return Plane(BOX, said, np.linspace(0, 1, 400).reshape(20, 20), "probability of class 1")


def points(name: str = "training", wrong: int = 1) -> PointSet:
    targets = np.array([0, 0, 1, 1])
    predictions = targets.copy()
    predictions[:wrong] = 1
    return PointSet(name, POINTS, targets, predictions)


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_boundary([points()], plane(2), ["0", "1"], "title", tmp_path / "boundary.png")
    assert (tmp_path / "boundary.png").read_bytes().startswith(b"\x89PNG")


def test_truth_stands_beside_prediction_and_wrong_points_are_ringed(figures: list[Figure]) -> None:
    draw_boundary([points()], plane(2), ["no", "yes"], "title", Path("x"))
    truth, said = figures[0].axes[:2]
    assert [np.asarray(dots.get_offsets()).tolist() for dots in truth.collections] == [
        POINTS[:2].tolist(), POINTS[2:].tolist()
    ]  # fmt: skip
    rings = [dots for dots in said.collections if dots.get_label() == "wrong"]
    assert [np.asarray(ring.get_offsets()).tolist() for ring in rings] == [[[0, 0]]]
    assert said.get_title("left") == "prediction\nwrong (ringed): 25.0 % of training"
    np.testing.assert_array_equal(said.images[0].get_array(), plane(2).certainty)
    assert [text.get_text() for text in figures[0].legends[0].get_texts()] == ["no", "yes"]


def test_both_parts_of_the_data_are_told_apart(figures: list[Figure]) -> None:
    draw_boundary([points(), points("validation", 0)], plane(2), ["0", "1"], "title", Path("x"))
    names = [text.get_text() for text in figures[0].legends[0].get_texts()]
    assert names == ["0 (training)", "1 (training)", "0 (validation)", "1 (validation)"]
    assert "25.0 % of training, 0.0 % of validation" in figures[0].axes[1].get_title("left")


@pytest.mark.parametrize(("least", "most"), [(0, 1), (-1, 1)])
def test_two_classes_are_parted_where_neither_is_said_more(figures: list[Figure], least: float, most: float) -> None:
    across = np.tile(np.linspace(least, most, 11) ** 3, (11, 1))
    middle = (least + most) / 2
    side = Plane((0, 11, 0, 11), (across > middle).astype(np.int64), across, "output", least, most)
    draw_boundary([points()], side, ["0", "1"], "title", Path("x"))
    (line,) = [drawn for drawn in figures[0].axes[1].collections if isinstance(drawn, ContourSet)]
    x, _ = line.get_paths()[0].vertices.T
    cells = np.arange(11) + 0.5
    np.testing.assert_allclose(x, np.interp(middle, across[0], cells))


@pytest.mark.parametrize("classes", [3, 12])
def test_several_classes_have_a_colour_each(figures: list[Figure], classes: int) -> None:
    draw_boundary([points()], plane(classes), [str(i) for i in range(classes)], "title", Path("x"))
    colours = np.asarray(figures[0].axes[1].images[0].get_array())
    assert len(np.unique(colours[-1].reshape(-1, 3), axis=0)) > 1


@pytest.mark.parametrize("certainty", [None, np.zeros((20, 20))])
def test_a_network_that_always_says_the_same_is_drawn(figures: list[Figure], certainty: np.ndarray | None) -> None:
    same = Plane(BOX, np.zeros((20, 20), np.int64), certainty, "output")
    draw_boundary([points()], same, ["0", "1"], "title", Path("x"))
    figures[0].draw_without_rendering()


def test_numbers_share_a_scale(figures: list[Figure]) -> None:
    numbers = PointSet("training", POINTS, np.array([0.0, 1, 2, 5]), np.array([0.0, 1, 2, 3]))
    draw_boundary([numbers], Plane(BOX, np.full((9, 9), 4.0), None, ""), None, "title", Path("x"))
    assert not figures[0].legends
    truth, said = figures[0].axes[:2]
    assert truth.collections[0].get_clim() == said.images[0].get_clim() == (0, 5)


def test_both_parts_of_numbers_are_named(figures: list[Figure]) -> None:
    sets = [PointSet(name, POINTS, np.arange(4.0), np.arange(4.0)) for name in ("training", "validation")]
    draw_boundary(sets, Plane(BOX, np.zeros((9, 9)), None, ""), None, "title", Path("x"))
    assert [text.get_text() for text in figures[0].legends[0].get_texts()] == ["training", "validation"]
