"""No setting of the user's reaches a picture."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PROJECT

PROGRAM = """
import sys; sys.path.insert(0, sys.argv[1])
import numpy as np
from pathlib import Path
from logger.pictures.confusion import draw_confusion
if sys.argv[2] == "own":
    import matplotlib
    matplotlib.rcParams["axes.facecolor"] = "red"
draw_confusion(np.eye(3, dtype=int), ["a", "$b$", "c"], "title", Path("a.png"))
print(Path.cwd())
"""
STYLE = "text.usetex: True\nfont.size: 30\naxes.facecolor: red\nsavefig.dpi: 20\nsavefig.bbox: tight\n"
ENVIRONMENTS: dict[str, tuple[str | bytes, dict[str, str], str]] = {
    "a style": (STYLE, {}, ""),
    "broken lines": ("this is: no: key\n:::\naxes.grid: perhaps\n", {}, ""),
    "no text": (b"\xff\xfe\x00\x80", {}, ""),
    "MATPLOTLIBRC": ("", {"MATPLOTLIBRC": "other"}, ""),
    "Jupyter": ("", {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}, ""),
    "no backend": ("", {"MPLBACKEND": "no_such_backend"}, ""),
    "code of the user's": ("", {}, "own"),
}


def picture(folder: Path, settings: str | bytes, env: dict[str, str], who: str) -> bytes:
    folder.mkdir()
    if settings:
        (folder / "matplotlibrc").write_bytes(settings if isinstance(settings, bytes) else settings.encode())
    (folder / "other").write_text(STYLE)
    words = [sys.executable, "-c", PROGRAM, str(PROJECT), who]
    done = subprocess.run(words, cwd=folder, env=os.environ | env, capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", str(folder))
    return (folder / "a.png").read_bytes()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The picture where nobody has set anything."""
    return picture(tmp_path_factory.mktemp("plain") / "here", "", {}, "")


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_pictures_are_the_same_to_the_byte(name: str, plain: bytes, tmp_path: Path) -> None:
    assert picture(tmp_path / "here", *ENVIRONMENTS[name]) == plain
