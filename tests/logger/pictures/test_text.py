"""Names in pictures are as they are written."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib import font_manager, get_data_path
from matplotlib.figure import Figure
from matplotlib.text import Text

from base.types import Array
from logger.pictures import text
from logger.pictures.boundary import Plane, PointSet, draw_boundary
from logger.pictures.confusion import draw_confusion
from logger.pictures.mistakes import Caption, draw_mistakes
from logger.pictures.over_steps import Clock
from logger.pictures.search.importance import draw_importance
from logger.pictures.steps import draw_steps
from logger.pictures.text import shortened
from logger.pictures.tsne import draw_map
from logger.tsne_map import TsneMap

NAMES = ["<$1k", "_none", "$^$", r"$\frac{$", "猫", "犬", "a\x1b[31mred", "x" * 30 + "y" * 30]
SHOWN = ["<$1k", "_none", "$^$", r"$\frac{$", r"\u732b", r"\u72ac", r"a\x1b[31mred"]


INSTALLED = text._others


@pytest.fixture(autouse=True)
def _no_other_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(text, "_others", list)
    monkeypatch.setattr(text, "_told", set())
    text._family.cache_clear()
    yield
    text._family.cache_clear()


def drawn(figure: Figure) -> str:
    """All that a figure says."""
    figure.draw_without_rendering()
    return "\n".join(one.get_text() for one in figure.findobj(Text) if isinstance(one, Text))


def points() -> tuple[Array, Array]:
    generator = np.random.default_rng(0)
    return generator.normal(size=(80, 2)), np.arange(80) % len(NAMES)


def test_every_picture_with_names_shows_them(figures: list[Figure], caplog: pytest.LogCaptureFixture) -> None:
    path, (where, targets), size = Path("a.png"), points(), len(NAMES)
    draw_confusion(np.eye(size, dtype=int) * 5 + 1, NAMES, "title", path)
    draw_map(TsneMap(where, targets, np.arange(80), "validation", "relu1"), NAMES, "title", path)
    plane = Plane((-3.0, 3.0, -3.0, 3.0), np.arange(1600).reshape(40, 40) % size, None, "")
    draw_boundary([PointSet("training", where, targets, targets)], plane, NAMES, "title", path)
    draw_mistakes(
        np.zeros((size, 4, 4)) + np.arange(4), [Caption(name, name, "1 % sure") for name in NAMES], "title", path
    )
    draw_importance(dict.fromkeys(NAMES, 0.1), "loss", path)
    for figure in figures:
        said = drawn(figure)
        assert all(name in said for name in SHOWN), said
        assert "猫" not in said
        assert any(isinstance(one, Text) and not one.get_parse_math() for one in figure.findobj(Text))
    told = [record.message for record in caplog.records if "no installed font" in record.message]
    assert len(told) == 1
    assert "犬 猫" in told[0]
    assert r"\u72ac \u732b" in told[0]


def test_drawing_them_warns_of_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "logger")
    draw_confusion(np.eye(len(NAMES), dtype=int), NAMES, "title", tmp_path / "a.png")
    assert not [record.message for record in caplog.records if "matplotlib" in record.message]


def test_a_font_that_was_installed_since_matplotlib_listed_them_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(Path(get_data_path(), "fonts", "ttf", "cmr10.ttf"), tmp_path / "new.ttf")
    (tmp_path / "damaged.ttf").write_bytes(b"no font")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    files = [str(tmp_path / "damaged.ttf"), str(tmp_path / "new.ttf")]
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: files)
    assert INSTALLED.__wrapped__() == [("cmr10", files[1])]


def test_powers_of_ten_are_no_formulas_either(figures: list[Figure]) -> None:
    steps = np.arange(1, 300)
    draw_steps({"step": steps, "loss": np.exp(-steps / 30.0)}, Clock(10), Path("a.png"))
    said = drawn(figures[0])
    assert "10⁻²" in said
    assert "$" not in said


def test_a_name_without_its_middle_never_parts_what_stands_for_a_letter() -> None:
    assert shortened("golden retriever", 12) == "golden …ever"
    assert shortened("猫" * 20, 24) == "猫猫猫…猫"
    assert shortened("猫犬", 12) == "猫犬"
