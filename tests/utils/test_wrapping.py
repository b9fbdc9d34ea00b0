"""Messages end their lines between words on a terminal, and keep commands whole."""

import io
import os
import struct
from collections.abc import Iterator
from typing import TextIO

import pytest

from utils.wrapping import wrapped

pty = pytest.importorskip("pty")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    """A terminal of 40 columns."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    with os.fdopen(follower, "w") as stream:
        yield stream
    os.close(leader)


def test_lines_end_between_words(terminal: TextIO) -> None:
    text = "error: the file is no config\n  arch: expected a network that has layers, got nothing"
    assert wrapped(text, terminal) == (
        "error: the file is no config\n  arch: expected a network that has\n    layers, got nothing"
    )


def test_a_command_stays_whole_on_its_own_line(terminal: TextIO) -> None:
    command = "python train.py -c config.json --init saved/models/tiny/run/best.npz"
    assert wrapped(f"error: to begin a new run: {command}", terminal) == f"error: to begin a new run:\n  {command}"
    assert wrapped(f"  {command}", terminal) == f"  {command}"


def test_a_long_word_is_not_divided(terminal: TextIO) -> None:
    assert wrapped(f"error: {'x' * 50}: gone", terminal) == f"error:\n  {'x' * 50}:\n  gone"


def test_files_and_pipes_get_the_text_as_it_is() -> None:
    text = "error: " + "word " * 50
    assert wrapped(text, io.StringIO()) == text
    with open(os.devnull, "w") as file:
        assert wrapped(text, file) == text
