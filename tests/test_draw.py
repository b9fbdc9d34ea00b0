"""draw.py serves its page until it is stopped, and what it cannot do it says before."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.running import PROJECT, command, program

DRAW = PROJECT / "draw.npz"
pytestmark = pytest.mark.usefixtures("here")


def started(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """The program and the address that it prints."""
    running = subprocess.Popen(
        command("draw.py", "-r", DRAW, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+/\S+/", running.stdout.readline())
    assert address is not None
    return running, address[0]


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [(signal.SIGINT, 130, "stopped by Ctrl-C"), (signal.SIGTERM, 143, "stopped by SIGTERM")],
)
@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_it_serves_its_page_until_it_is_stopped(number: int, code: int, words: str) -> None:
    running, address = started("--no-browser")
    with urlopen(address, timeout=30) as answer:
        page = answer.read().decode()
    os.kill(running.pid, number)
    _, told = running.communicate(timeout=30)
    assert "<title>Draw · mnist_draw</title>" in page
    assert (running.returncode, told.strip()) == (code, words)


def test_a_browser_is_opened_unless_it_is_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    monkeypatch.setattr("utils.local_server.LocalServer.open_browser", lambda server: opened.append(server.address))
    monkeypatch.setattr("utils.local_server.LocalServer.serve", lambda server: None)
    from trainer.drawing.main import serve_page

    serve_page(str(DRAW), 0, browser=True)
    serve_page(str(DRAW), 0, browser=False)
    assert len(opened) == 1


def test_a_port_in_use_is_a_mistake_that_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ended = program("draw.py", "-r", DRAW, "--no-browser", "--port", port, expect=2)
    assert ended.stderr == f"error: --port {port}: is in use by another program; choose another, or leave --port out " \
        "for any free one\n"  # fmt: skip


def test_the_page_is_written_where_it_is_asked_for() -> None:
    ended = program("draw.py", "-r", DRAW, "-o", "pages/digits.html")
    assert re.search(r"draw\.npz, epoch \d+: written pages/digits\.html, [\d,]+ bytes\n", ended.stdout)
    assert Path("pages/digits.html").stat().st_size < 400_000
