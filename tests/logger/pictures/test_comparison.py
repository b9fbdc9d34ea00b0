"""The picture of a comparison shows every run's own numbers, and tells runs apart."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

import logger.pictures.comparison as drawing
from base.errors import WriteError
from logger.comparison.curves import Curve
from tests.logger.comparison.making import record


def curves(count: int, epochs: int = 3) -> list[Curve]:
    """Runs whose loss begins at 1, 2, 3 ..."""
    return [
        Curve(f"{run}  run", [record(epoch, run / epoch, 0.5) for epoch in range(1, epochs + 1)], run - 1)
        for run in range(1, count + 1)
    ]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that were saved."""
    figures: list[Figure] = []
    monkeypatch.setattr(drawing, "save", lambda figure, *_: figures.append(figure))
    return figures


def test_each_run_has_its_line_in_each_panel(drawn: list[Figure], tmp_path: Path) -> None:
    assert drawing.draw_comparison(curves(2), tmp_path / "a.png")
    axes = {one.get_title("left"): one for one in drawn[0].axes}
    assert list(axes) == ["validation loss", "validation accuracy", "training loss", "training accuracy"]
    lines = [line for line in axes["training loss"].lines if len(line.get_xdata())]
    assert [list(line.get_ydata()) for line in lines] == [[1, 1 / 2, 1 / 3], [2, 1, 2 / 3]]
    assert list(lines[0].get_xdata()) == [1, 2, 3]
    legend = drawn[0].legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["1  run", "2  run"]
    assert [line.get_color() for line in legend.get_lines()] == [line.get_color() for line in lines]


def test_thirty_runs_are_told_apart_and_the_legend_says_how(drawn: list[Figure], tmp_path: Path) -> None:
    drawing.draw_comparison(curves(30), tmp_path / "a.png")
    handles = drawn[0].legends[0].get_lines()
    assert len({(line.get_color(), line.get_linestyle()) for line in handles}) == 30
    assert "colours repeat with other lines" in drawn[0].legends[0].get_title().get_text()


def test_runs_without_an_epoch_make_no_picture(drawn: list[Figure], tmp_path: Path) -> None:
    assert not drawing.draw_comparison([Curve("a", [], 0)], tmp_path / "a.png")
    assert drawn == []


def test_a_run_without_validation_data_fills_one_row(drawn: list[Figure], tmp_path: Path) -> None:
    records = [{"epoch": 1, "loss": 1.0}]
    drawing.draw_comparison([Curve("a", records, 0)], tmp_path / "a.png")
    assert [axes.get_title("left") for axes in drawn[0].axes] == ["training loss"]


def test_a_picture_that_cannot_be_written_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="choose another path with -o"):
        drawing.draw_comparison(curves(1), tmp_path / "no" / "a.png")
