"""Lines that are broken between words, and never within one."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from utils.printable import printable

_INDENT = "  "
_KEPT = "\n\t\0"  # the last stands for a blank at which no line is broken
_COMMAND = re.compile(r"(python3? (?:-m [\w.]+|[\w./]+\.py))( [^;,()]*)?$")
_WORD = re.compile(r"""(?:'[^']*'|"[^"]*"|[^\s'"])+""")  # of a command
_LABEL = re.compile(r"[a-z]+(?: [a-z]+)? {2,}(?=\S)")  # what stands below it begins in the same column
_PIECE = re.compile(r"[^/\\_,=]*[/\\_,=]+|[^/\\_,=]+")


def text_width(text: str) -> int:
    """The columns that a text takes: some letters of Asia and emoji take two, what is written as an escape all of it.

    >>> text_width("a cat"), text_width("\\N{CJK UNIFIED IDEOGRAPH-732B}"), text_width("\\x1b")
    (5, 2, 4)
    """
    shown = printable(text, _KEPT)
    return len(shown) if shown.isascii() else _letter_width()(shown)


def padded(text: str, width: int, to_the_right: bool = False) -> str:
    """The text with blanks behind it, or before it, as a cell of so many columns."""
    blanks = " " * (width - text_width(text))
    return blanks + text if to_the_right else text + blanks


def fold(text: str, width: int, indent: int | None = None) -> str:
    """The text with longer lines broken between words; names and paths longer than a line between their parts.

    What follows is indented by as much as given (None: below the text beside a label, else by two). A command at the
    end of a line goes on after backslashes, so that a shell takes it when it is pasted.

    >>> print(fold("best     epoch 12, val_accuracy 0.9702", 24))
    best     epoch 12,
             val_accuracy
             0.9702
    >>> print(fold("test it  python test.py -r runs/best.npz", 32))
    test it  python test.py \\
      -r runs/best.npz
    """
    return "\n".join(_folded(line, width, indent) for line in text.split("\n"))


def _folded(line: str, width: int, indent: int | None) -> str:
    if text_width(line) <= width:
        return line
    label = _LABEL.match(line)
    command = _COMMAND.search(line) if os.name == "posix" else None
    if command is not None:
        before = line[: command.start()]
        if before.strip() and (label is None or label.end() < command.start()):
            return f"{_folded(before.rstrip(), width, indent)}\n{_folded_command(_INDENT, command, width)}"
        return _folded_command(before, command, width)
    start = len(line) - len(line.lstrip())
    hanging = indent if indent is not None else label.end() if label else start + len(_INDENT)
    return "\n".join(_filled(re.findall(r"\s*\S+", line.rstrip()), width, " " * min(hanging, width // 2)))


def _filled(words: Sequence[str], width: int, indent: str) -> Iterator[str]:
    """Lines of words, each with the blanks before it."""
    line = ""
    for word in words:
        if text_width(line + word) <= width:
            line += word
            continue
        start = indent if line else ""
        if line:
            yield line
        line = start + word.lstrip() if start else word
        if text_width(line) > width:
            start = min(start, _INDENT, key=len)
            *full, line = _pieces(start + line.lstrip(), width, start)
            yield from full
    yield line


def _pieces(word: str, width: int, indent: str) -> list[str]:
    """A word that is longer than a line in several, broken behind what joins the parts of paths and names."""
    lines = [indent]
    for piece in _PIECE.findall(word[len(indent) :]):
        if lines[-1] != indent and text_width(lines[-1] + piece) > width:
            lines.append(indent)
        lines[-1] += piece
    return lines


def _folded_command(before: str, command: re.Match[str], width: int) -> str:
    lines = [before]
    for word in [command[1], *_units(_WORD.findall(command[2] or ""))]:
        first = lines[-1] in (before, _INDENT)
        if not first and text_width(f"{lines[-1]} {word} \\") > width:
            lines[-1] += " \\"
            lines.append(_INDENT)
            first = True
        if text_width(f"{lines[-1]}{word} \\") > width and not re.search(r"['\"]", word):
            *full, rest = _pieces(lines[-1] + word, width - 1, lines[-1])
            lines[-1:] = [f"{one}\\" if one is full[0] else f"{one.lstrip()}\\" for one in full] + [rest.lstrip()]
        else:
            lines[-1] += word if first else f" {word}"
    return "\n".join(lines)


def _units(words: Sequence[str]) -> Iterator[str]:
    """An option with its value, and other words by themselves."""
    held = ""
    for word in words:
        if held and not word.startswith("-"):
            yield f"{held} {word}"
            held = ""
            continue
        if held:
            yield held
        held = word if word.startswith("-") else ""
        if not held:
            yield word
    if held:
        yield held


@cache
def _letter_width() -> Callable[[str], int]:
    from tqdm.utils import disp_len  # only where there are such letters

    return disp_len
