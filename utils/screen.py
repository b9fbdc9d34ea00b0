"""The width that text is laid out for: the columns of a terminal, and 80 elsewhere."""

import os
from collections.abc import Callable
from functools import cache
from typing import TextIO, final

from utils.folding import fold

COLUMNS = 80  # of files and pipes
_FEWEST = 20


def columns(stream: TextIO) -> int:
    """The columns of a terminal, 80 where the stream is none; the environment's COLUMNS comes before both."""
    wanted = os.environ.get("COLUMNS", "")
    try:
        found = int(wanted) if wanted.isdecimal() else os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        found = 0
    return max(found or COLUMNS, _FEWEST)  # a container's terminal says 0


def on_screen(text: str, stream: TextIO) -> str:
    """The text as it goes to a stream: folded for a terminal; files get whole lines, as other programs read them."""
    return fold(text, columns(stream)) if stream.isatty() else text


@final
class Layout:
    """A message that is laid out for the columns there are, once for each: those of the console, and 80 in files."""

    def __init__(self, lay_out: Callable[[int], str]) -> None:
        self.lay_out = cache(lay_out)

    def __str__(self) -> str:
        return self.lay_out(COLUMNS)
