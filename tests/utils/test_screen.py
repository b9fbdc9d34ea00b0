"""Text is laid out for the terminal there is; files have 80 columns and whole lines."""

import io
import logging
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from logger.setup import run_log
from tests.running import PROJECT
from utils.screen import COLUMNS, Layout, columns, on_screen

LONG = "a message with many words, which goes on beyond what a line of eighty columns has room for"


@pytest.fixture(autouse=True)
def _no_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.parametrize(("size", "found"), [(40, 40), (120, 120), (0, 80), (3, 20)])
def test_a_terminal_says_how_wide_it_is_unless_it_does_not_know(size: int, found: int) -> None:
    termios, fcntl = pytest.importorskip("termios"), pytest.importorskip("fcntl")
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, size, 0, 0))
    with os.fdopen(theirs, "w") as terminal:
        assert columns(terminal) == found
        assert max(map(len, on_screen(LONG, terminal).splitlines())) <= found
    os.close(ours)


def test_files_and_streams_of_others_have_80_columns_and_whole_lines(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        assert columns(file) == columns(io.StringIO()) == COLUMNS == 80
        assert on_screen(LONG, file) == LONG


def test_the_environments_columns_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for wanted, found in (("100", 100), ("1", 20), ("0", 80), ("wide", 80)):
        monkeypatch.setenv("COLUMNS", wanted)
        assert columns(io.StringIO()) == found


def test_a_layout_is_of_the_consoles_width_there_and_of_80_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    with run_log(tmp_path, 1):
        logging.getLogger("trainer").info(Layout(lambda width: f"laid out for {width}"))
    assert capsys.readouterr().out == "laid out for 40\n"
    assert (tmp_path / "run.log").read_text().endswith(" INFO    laid out for 80\n")


def test_a_layout_is_made_once_for_each_width(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    made: list[int] = []
    with run_log(tmp_path, 1):
        logging.getLogger("trainer").info(Layout(lambda width: made.append(width) or "laid out"))
    assert made == [80]


@pytest.mark.parametrize("colour", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}], ids=str)
def test_warnings_and_errors_are_folded_for_a_terminal_without_colours(colour: dict[str, str]) -> None:
    pty = pytest.importorskip("pty")
    program = (
        "import logging\n"
        "from base.errors import UserError\n"
        "from logger.setup import run_log\n"
        "from utils.entry import run_program\n"
        "def main():\n"
        "    with run_log(None, 1):\n"
        f"        logging.getLogger('trainer').warning({LONG!r})\n"
        f"    raise UserError({LONG!r})\n"
        "run_program(main)\n"
    )
    ours, theirs = pty.openpty()
    env = os.environ | {"COLUMNS": "40"} | colour
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, stdout=theirs, stderr=theirs, env=env)
    lines = os.read(ours, 65536).decode().splitlines()
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 2
    assert max(map(len, lines)) <= 40
    assert " ".join(" ".join(lines).split()) == f"warning: {LONG} error: {LONG}"
