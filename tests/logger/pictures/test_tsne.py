"""Maps are drawn for all kinds of targets, a class alike in each of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from base.types import Array
from logger.pictures import tsne
from logger.pictures.tsne import draw_map, draw_tsne_sheet
from logger.tsne_map import TsneMap

POINTS = np.random.Generator(np.random.Philox(key=7)).normal(size=(20, 2))
NAMES = ("cat", "dog", "owl", "none")


def example(targets: Array) -> TsneMap:
    """A map of 20 samples."""
    return TsneMap(POINTS, targets, np.arange(20), "validation", "relu1")


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Figure]:
    """What is drawn, kept to be looked at."""
    monkeypatch.chdir(tmp_path)
    kept: list[Figure] = []

    def keep(figure: Figure, path: Path) -> None:
        kept.append(figure)
        figure.savefig(path)

    monkeypatch.setattr(tsne, "save", keep)
    return kept


def looks(axes: Axes) -> dict[tuple[str, bytes], int]:
    """How many dots of each colour and form there are."""
    found: Any = axes.collections
    return {(to_hex(c.get_facecolor()[0]), c.get_paths()[0].vertices.tobytes()): len(c.get_offsets()) for c in found}


def labels(figure: Figure) -> list[str]:
    """The names in the legend."""
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_a_class_looks_the_same_whether_or_not_others_have_samples(figures: list[Figure], tmp_path: Path) -> None:
    draw_map(example(np.arange(20) % 3), NAMES, "title", tmp_path / "all.png")
    draw_map(example(np.array([2] * 12 + [0] * 8)), NAMES, "title", tmp_path / "some.png")
    every, some = (looks(figure.axes[0]) for figure in figures)
    colors = [*every]
    assert [*some.items()] == [(colors[0], 8), (colors[2], 12)]
    assert [labels(figure) for figure in figures] == [["cat", "dog", "owl"], ["cat", "owl"]]


@pytest.mark.parametrize("count", [2, 10, 26, 80])
def test_every_class_looks_different(figures: list[Figure], tmp_path: Path, count: int) -> None:
    seen = {}
    for start in range(0, count, 20):
        targets = np.arange(start, start + 20) % count
        draw_map(example(targets), [str(i) for i in range(count)], "title", tmp_path / "map.png")
        seen |= looks(figures[-1].axes[0])
    assert len(seen) == count


def test_a_sheet_has_a_map_an_epoch_and_one_legend_of_all_classes_on_it(figures: list[Figure], tmp_path: Path) -> None:
    maps = {50: example(np.arange(20) % 2), 0: example(np.arange(20) % 2 * 2), 100: example(np.zeros(20, np.int64))}
    draw_tsne_sheet(maps, NAMES, "title", tmp_path / "tsne.png")
    (figure,) = figures
    assert [axes.get_title("left") for axes in figure.axes] == ["before training", "after epoch 50", "after epoch 100"]
    assert labels(figure) == ["cat", "dog", "owl"]
    zero, fifty, hundred = ([*looks(axes)] for axes in figure.axes)
    assert zero[0] == fifty[0] == hundred[0]
    assert figure.get_suptitle() == "title"


@pytest.mark.parametrize(("count", "shown"), [(2, 2), (7, 7), (12, 12), (30, 12)])
def test_a_sheet_of_many_epochs_holds_the_first_the_last_and_some_between(
    figures: list[Figure], tmp_path: Path, count: int, shown: int
) -> None:
    draw_tsne_sheet({epoch: example(np.arange(20) % 2) for epoch in range(count)}, NAMES, "", tmp_path / "tsne.png")
    titles = [axes.get_title("left") for axes in figures[0].axes]
    assert len(set(titles)) == len(titles) == shown
    assert (titles[0], titles[-1]) == ("before training", f"after epoch {count - 1}")
    with Image.open(tmp_path / "tsne.png") as picture:
        assert max(picture.size) < 2400


def test_numbers_as_targets_have_a_scale(figures: list[Figure], tmp_path: Path) -> None:
    drawn = example(np.linspace(-1, 2, 20))
    draw_map(drawn, None, "title", tmp_path / "map.png")
    draw_tsne_sheet({0: drawn, 1: drawn}, None, "title", tmp_path / "tsne.png")
    assert [figure.axes[-1].get_ylabel() for figure in figures] == ["target", "target"]
    assert [figure.axes[-1].get_ylim() for figure in figures] == [(-1, 2), (-1, 2)]


def test_a_name_stands_within_the_largest_group_of_its_class(figures: list[Figure], tmp_path: Path) -> None:
    points = np.vstack([POINTS[:7], POINTS[7:] + 50])
    draw_map(TsneMap(points, np.zeros(20, np.int64), np.arange(20), "", ""), NAMES, "title", tmp_path / "map.png")
    (name,) = figures[0].axes[0].texts
    assert name.get_text() == "cat"
    assert min(name.get_position()) > 48


def test_of_names_on_one_place_one_is_written(figures: list[Figure], tmp_path: Path) -> None:
    points = np.repeat([[0, 0], [0, 0.01], [30, 30], [0, 30]], 5, axis=0).astype(float)
    drawn = TsneMap(points, np.arange(20) // 5, np.arange(20), "", "")
    draw_map(drawn, NAMES, "title", tmp_path / "map.png")
    draw_tsne_sheet({0: drawn, 1: drawn}, NAMES, "title", tmp_path / "tsne.png")
    for axes in [axes for figure in figures for axes in figure.axes]:
        assert [text.get_text() for text in axes.texts if text.get_visible()] == ["cat", "owl", "none"]


@pytest.mark.parametrize("names", [("_hidden", "$5 to $10"), ("a long name of a class" * 3, "x"), ("", "日")[:1] * 2])
def test_odd_names_are_drawn(figures: list[Figure], tmp_path: Path, names: Sequence[str]) -> None:
    draw_map(example(np.arange(20) % 2), names, "title", tmp_path / "map.png")
    assert len(labels(figures[0])) == 2
