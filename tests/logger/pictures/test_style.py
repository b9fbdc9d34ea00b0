"""Pictures share a look and leave no global state."""

import subprocess
import sys
from pathlib import Path

import pytest

from base.errors import WriteError
from logger.pictures.style import CLASS_COLORS, panels, save


def test_panels_are_side_by_side_and_grow_with_their_number() -> None:
    figure, plots = panels(3, width=4, height=2)
    assert len(plots) == len(figure.axes) == 3
    assert figure.get_size_inches().tolist() == [12, 2]


def test_ten_classes_have_ten_colours() -> None:
    assert len(set(CLASS_COLORS)) == 10


def test_a_picture_that_cannot_be_written_is_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"a\.png"):
        save(panels(1, 2, 2)[0], tmp_path / "missing" / "a.png")


def test_pyplot_stays_unloaded_and_matplotlib_waits_until_something_is_drawn() -> None:
    program = (
        "import sys, logger.pictures.curves, logger.pictures.tsne, logger.score, logger.pictures.style\n"
        "assert not {'matplotlib', 'sklearn', 'tqdm'} & set(sys.modules)\n"
        "logger.pictures.style.panels(1, 2, 2)\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3], check=True)
