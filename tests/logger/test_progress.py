"""Progress is shown where someone looks, quietly elsewhere, and never slows training."""

import io
import logging
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from logger import notebook, progress
from logger.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that each look moves on."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.now = 0.0

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    screen = Terminal()
    monkeypatch.setattr(
        notebook, "sys", SimpleNamespace(stderr=screen, modules={})
    )  # pytest puts its own into the real one
    return screen


def run(steps: int, **options: bool) -> None:
    with Progress(steps, "epoch 3/20", **options) as shown:
        for _ in range(steps):
            shown.update(0.1234)


def test_a_notebook_gets_a_bar_among_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = type("ZMQInteractiveShell", (), {})()
    ipython, screen = SimpleNamespace(get_ipython=lambda: shell), io.StringIO()
    fake = SimpleNamespace(stdout=screen, stderr=None, modules={"IPython": ipython})
    monkeypatch.setattr(notebook, "sys", fake)
    monkeypatch.setattr(progress, "_BAR_SECONDS", 0.0)
    with Progress(4, "epoch 3/20") as shown:
        time.sleep(0.6)
        shown.update(0.5)
    assert "epoch 3/20: 25 %" in screen.getvalue()


def test_a_log_gets_a_line_every_ten_seconds(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(progress.time, "perf_counter", Clock(seconds=1.0))  # type: ignore[attr-defined]
    with caplog.at_level(logging.INFO):
        run(25)
    assert caplog.messages == [
        "epoch 3/20: 40 %, loss 0.1234, 1 steps/s",
        "epoch 3/20: 80 %, loss 0.1234, 1 steps/s",
    ]


def test_a_fast_epoch_leaves_no_line_and_no_bar(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        run(25)
    assert (caplog.messages, capsys.readouterr()) == ([], ("", ""))


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_terminal_gets_a_bar_that_fits_and_goes_away(
    columns: int, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_BAR_SECONDS", 0.0)
    monkeypatch.setenv("COLUMNS", str(columns))
    with Progress(4, "epoch 3/20") as shown:
        time.sleep(0.6)
        shown.update(0.5)
        shown.update(0.25)
    frames = terminal.getvalue().split("\r")
    assert "epoch 3/20: 50 %" in frames[-3]
    wanted = r"50 % 00:00, loss 0\.2500$" if columns < 80 else r"2/4 \[.* left, .* steps/s, loss 0\.2500\]"
    assert re.search(wanted, frames[-3])
    assert max(map(len, frames)) <= columns
    assert frames[-2].strip() == frames[-1] == ""


def test_messages_and_a_bar_share_a_terminal_that_does_not_know_its_size() -> None:
    pty = pytest.importorskip("pty")
    program = (
        "import logging, time\n"
        "from logger.progress import Progress\n"
        "from logger.setup import run_log\n"
        "with run_log(None, 1), Progress(4, 'epoch 3/20') as shown:\n"
        "    time.sleep(0.6)\n"
        "    shown.update(0.5)\n"
        "    logging.getLogger('trainer').warning('careful')\n"
    )
    ours, theirs = pty.openpty()
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], cwd=root, stdout=theirs, stderr=theirs, check=True)
    frames = os.read(ours, 65536).decode().split("\r")
    os.close(ours)
    os.close(theirs)
    bars = [frame for frame in frames if frame.startswith("epoch 3/20: 25 %")]
    assert len(bars) == 2  # drawn again below the message
    assert "warning: careful" in frames


def test_a_terminal_does_not_flicker_in_fast_epochs(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_BAR_SECONDS", 0.0)
    run(100)
    assert terminal.getvalue() == ""


def test_nothing_is_shown_when_disabled(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(progress.time, "perf_counter", Clock(seconds=20.0))  # type: ignore[attr-defined]
    with caplog.at_level(logging.INFO):
        run(5, enabled=False)
    assert (terminal.getvalue(), caplog.messages) == ("", [])


@pytest.mark.usefixtures("terminal")
def test_a_step_costs_less_than_five_microseconds() -> None:
    steps = 20_000
    start = time.perf_counter()
    run(steps)
    assert (time.perf_counter() - start) / steps < 5e-6
