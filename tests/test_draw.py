"""draw.py serves its page until it is stopped, and what it cannot do it says before."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from base.errors import UserError
from tests.running import PROJECT, command
from trainer.drawing.main import serve_page, write_page

DRAW = PROJECT / "draw.npz"
pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_it_serves_its_page_until_it_is_stopped() -> None:
    running = subprocess.Popen(
        command("draw.py", "-r", DRAW, "--no-browser"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+/\S+/", running.stdout.readline())
    assert address is not None
    with urlopen(address[0], timeout=30) as answer:
        page = answer.read().decode()
    os.kill(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=30)
    assert "<title>Draw · mnist_draw</title>" in page
    assert (running.returncode, told.strip()) == (130, "stopped by Ctrl-C")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that browsers were opened at; servers end at once."""
    addresses: list[str] = []
    monkeypatch.setattr("utils.local_server.LocalServer.open_browser", lambda server: addresses.append(server.address))
    monkeypatch.setattr("utils.local_server.LocalServer.serve", lambda server: None)
    return addresses


def test_a_browser_is_opened_unless_it_is_not_wanted(opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    serve_page(str(DRAW), 0, browser=False)
    assert opened == []
    serve_page(str(DRAW), 0, browser=True)
    assert len(opened) == 1
    assert f"draw on {opened[0]}\n" in capsys.readouterr().out


def test_a_port_in_use_is_a_mistake_that_is_told(opened: list[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserError, match=f"--port {port}: is in use by another program; choose another, or leave"):
            serve_page(str(DRAW), port, browser=True)
    assert opened == []


def test_the_page_is_written_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    write_page(str(DRAW), "pages/digits.html")
    written = r"draw\.npz, epoch \d+: written pages/digits\.html, [\d,]+ bytes\n"
    assert re.search(written, capsys.readouterr().out)
    assert Path("pages/digits.html").stat().st_size < 400_000
