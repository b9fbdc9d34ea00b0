"""Standard streams that never stop a program: closed, broken, full, or in an encoding that lacks a character."""

import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TextIO

_STREAMS = (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY))
_ESCAPED = "backslashreplace"  # a character that the encoding lacks; each stays another


class _Lasting(io.FileIO):
    """An output that goes nowhere once it cannot be written to, as its reader has gone or the disk is full.

    That is no reason to stop training. `lost` is then why, but for a reader that wanted no more: that is no loss.
    """

    lost: OSError | None = None

    def __init__(self, number: int) -> None:
        super().__init__(number, "w", closefd=False)
        self._is_terminal = self.isatty()  # now: of one that is closed the system does not tell it any more

    def write(self, data: Any, /) -> int:
        try:
            while (written := super().write(data)) is None:  # a full pipe that does not block
                select.select((), (self,), ())
        except OSError as error:
            self.lost = None if self._is_terminal or isinstance(error, BrokenPipeError) else error
            _replace(self.fileno(), os.O_WRONLY)
            return memoryview(data).nbytes
        return written


def open_streams() -> None:
    """Give the program three streams that it can use; characters that one cannot show are escaped.

    Numbers 0 to 2 that are closed are taken, or a file of the run would get one, and messages would go into it.
    """
    for number, (name, flags) in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            _replace(number, flags)
        if getattr(sys, name) is None:
            mode = "r" if flags == os.O_RDONLY else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", errors=_ESCAPED, closefd=False))  # noqa: SIM115
    for name, original in (("stdout", sys.__stdout__), ("stderr", sys.__stderr__)):
        stream = getattr(sys, name)
        if stream is original and isinstance(stream, io.TextIOWrapper):  # and not somebody's own
            setattr(sys, name, _lasting(stream))


def losses() -> Iterator[tuple[str, str]]:
    """The streams whose output was lost, each with what happened."""
    for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
        with suppress(OSError, ValueError):
            stream.flush()
        error = getattr(getattr(getattr(stream, "buffer", None), "raw", None), "lost", None)
        if error is not None:
            yield name, f"could not be written to its end: {error.strerror}; let it go elsewhere"


def _lasting(stream: io.TextIOWrapper) -> TextIO:
    raw = getattr(stream.buffer, "raw", stream.buffer)  # unbuffered, there is none between
    if not isinstance(raw, io.FileIO):  # Windows' console has one of its own
        stream.reconfigure(errors=_ESCAPED)
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Lasting(raw.fileno())),
        encoding=stream.encoding,
        errors=_ESCAPED,
        line_buffering=stream.line_buffering or stream.write_through,  # by PYTHONUNBUFFERED, and there is a buffer here
        write_through=stream.write_through,
    )


def _replace(number: int, flags: int) -> None:
    """Let a number stand for what nothing comes from, or where anything can go."""
    null = os.open(os.devnull, flags)
    if null != number:
        os.dup2(null, number)
        os.close(null)
