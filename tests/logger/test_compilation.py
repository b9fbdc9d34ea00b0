"""Who waits for the compiler sees one line, and nobody else sees any."""

import io
import re
from types import SimpleNamespace

import pytest

from logger import compilation
from logger.compilation import showing_compilation
from ops.compilation import tell
from tests.every_ops import needs_numba

pytestmark = needs_numba


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    screen = Terminal()
    monkeypatch.setattr(compilation, "sys", SimpleNamespace(stderr=screen))
    return screen


def compile_some() -> None:
    """What the cache tells: a kernel that calls another, then one by itself."""
    for done, goes_on in ((0, True), (0, True), (1, True), (2, False), (2, True), (3, False)):
        tell(done, goes_on)


def test_a_terminal_has_a_line_that_counts_and_goes(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    with showing_compilation():
        compile_some()
    written = terminal.getvalue()
    assert re.search(r"\(once a machine\): 1 done, \d s", written)
    assert re.search(r"\(once a machine\): 2 done, \d s", written)
    assert "\n" not in written
    assert written.split("\r")[-2].strip() == ""
    assert capsys.readouterr().out == ""


def test_a_line_goes_even_if_the_compiler_failed(terminal: Terminal) -> None:
    with showing_compilation():
        tell(0, goes_on=True)
    assert terminal.getvalue().split("\r")[-2].strip() == ""


def test_a_file_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with showing_compilation():
        compile_some()
    printed, errors = capsys.readouterr()
    assert printed.startswith("compiling operations for ")
    assert printed.endswith(" (once a machine) ...\n")
    assert (printed.count("\n"), errors) == (1, "")


def test_nothing_to_compile_shows_nothing(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    with showing_compilation():
        pass
    assert (terminal.getvalue(), capsys.readouterr().out) == ("", "")


def test_quiet_runs_show_nothing(terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    with showing_compilation(enabled=False):
        compile_some()
    compile_some()
    assert (terminal.getvalue(), capsys.readouterr().out) == ("", "")
