"""The parser of command lines."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from utils.command_slips import Slips
from utils.folding import fold
from utils.printable import printable
from utils.screen import on_screen

_ROOM_BESIDE = 60  # columns


class HelpFormatter(argparse.HelpFormatter):
    """Help that breaks between words, and stands below its flags where beside them is little room."""

    def __init__(self, prog: str, **others: Any) -> None:
        super().__init__(prog, **others)
        if self._width < _ROOM_BESIDE:
            self._max_help_position = 2 * self._indent_increment

    def _split_lines(self, text: str, width: int) -> list[str]:
        return fold(" ".join(text.split()), width, indent=0).split("\n")


class RawHelpFormatter(HelpFormatter, argparse.RawDescriptionHelpFormatter):
    """The same with the lines of a description as they are."""


class ArgumentParser(argparse.ArgumentParser):
    """A parser that answers a command it cannot take with what was meant, or an example, and exit code 2."""

    def __init__(self, prog: str, description: str | None, example: str = "", **others: Any) -> None:
        others = {"formatter_class": HelpFormatter} | others
        super().__init__(prog=prog, description=description, allow_abbrev=False, **others)
        self._example = example

    def parse(self, args: Sequence[str] | None = None) -> argparse.Namespace:
        """The arguments, of which positional ones may stand anywhere; behind -- no word is a flag, but a path."""
        words = list(sys.argv[1:] if args is None else args)
        if "--" in words:
            at = words.index("--")
            words[at:] = [f"./{word}" if word.startswith("-") and word != "-" else word for word in words[at + 1 :]]
        if not {"-h", "--help"} & set(words):
            positionals = [action for action in self._actions if not action.option_strings]
            slips = Slips(words, self._option_string_actions, positionals, self.prog)
            if slips.complaints:
                self.refuse(str(slips))
        return self.parse_intermixed_args(words)

    def error(self, message: str) -> NoReturn:
        program = self.prog if self.prog.startswith("python ") else f"python {self.prog}"
        example = f"; for example:\n  {program} {self._example}" if self._example else ""
        self.refuse(f"{message}{example}\nall arguments: {program} --help")

    def refuse(self, message: str) -> NoReturn:
        """End the program with a message."""
        self.exit(2, on_screen(f"error: {printable(message)}", sys.stderr) + "\n")
