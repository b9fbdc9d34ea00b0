"""Messages in the width of a terminal."""

import os
import re
from textwrap import TextWrapper
from typing import TextIO

_COMMAND = re.compile(r"\bpython (?:-m \w|\w+\.py).*")


def wrapped(text: str, stream: TextIO) -> str:
    """A text in lines that end between words, where it goes to a terminal; a command to be pasted stays one line."""
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):  # no terminal, or somebody's own stream
        return text
    return "\n".join(part for line in text.split("\n") for part in _parts(line, max(width, 20)))


def _parts(line: str, width: int) -> list[str]:
    """The lines that a line becomes; each but the first is indented by two more."""
    command = _COMMAND.search(line)
    if len(line) <= width or (command and not line[: command.start()].strip()):
        return [line]
    indent = line[: len(line) - len(line.lstrip())] + "  "
    before, kept = (line[: command.start()].rstrip(), [indent + command[0]]) if command else (line, [])
    wrapper = TextWrapper(width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [*wrapper.wrap(before), *kept]
