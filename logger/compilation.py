"""Progress of the compilation of operations."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ops.compilation import observed_by
from utils.screen import columns

if TYPE_CHECKING:
    from tqdm import tqdm

_NARROW = 72  # columns, below which a line that says more would be cut


@contextmanager
def showing_compilation(enabled: bool = True) -> Iterator[None]:
    """Show it while the block runs: a line on stderr that changes, where that is a terminal; else one on stdout."""
    if not enabled:
        yield
        return
    shown = _Line() if sys.stderr.isatty() else _Notice()
    try:
        with observed_by(shown.show):
            yield
    finally:
        shown.close()


class _Line:
    """Stands there while something is compiled, and counts the seconds of that alone."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._seconds = self._start = 0.0

    def show(self, done: int, goes_on: bool) -> None:
        """Put the line up to date, or take it away."""
        if self._bar is None:
            self._bar, self._start = _open_line(), time.perf_counter()
        seconds = self._seconds + time.perf_counter() - self._start
        if goes_on:
            self._bar.set_description_str(f"{_title()}: {done} done, {seconds:.0f} s")
        else:
            self._seconds = seconds
            self.close()

    def close(self) -> None:
        """Take the line away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class _Notice:
    """Is printed once."""

    def __init__(self) -> None:
        self._is_told = False

    def show(self, done: int, goes_on: bool) -> None:
        """Print it if it was not."""
        if not self._is_told:
            self._is_told = True
            print(f"{_title()} ...", flush=True)

    def close(self) -> None:
        """It stays."""


def _title() -> str:
    from ops.compiled.target import description

    if columns(sys.stderr) < _NARROW:
        return "compiling operations"
    return f"compiling operations for {description()} (once a machine)"


def _open_line() -> tqdm[Any]:
    from tqdm import tqdm

    return tqdm(bar_format="{desc}", file=sys.stderr, leave=False, ncols=columns(sys.stderr), nrows=20)
