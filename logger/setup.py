"""Logging of a run: the console, and run.log beside its metrics."""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from base.errors import StoppedError, WriteError
from utils.files import make_folder, open_descriptor, writing
from utils.printable import printable
from utils.screen import Layout, columns, on_screen

# Other loggers stay at the level of the root: what libraries say is only wanted from warnings on.
_PROGRAMS = ("__main__", "train", "test", "predict", "search", "compare")
_OURS = (*_PROGRAMS, "base", "data_loader", "logger", "model", "trainer", "utils")
_FILE = "run.log"
_CONSOLE_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


@contextmanager
def run_log(folder: Path | None, verbosity: int, keep: int | None = None) -> Iterator[None]:
    """Send messages to the console and, where a folder is given, to its `run.log`, until the block ends.

    `verbosity` 0 shows warnings, 1 also what a run reports, 2 everything. The file always holds at least what 1 shows,
    and a run that is continued adds to the first `keep` bytes, those up to its checkpoint (None: to all). Raises
    WriteError where the file cannot be written, also later on.
    """
    level = min(_CONSOLE_LEVELS[verbosity], logging.INFO)
    handlers: list[logging.Handler] = [_Console(_CONSOLE_LEVELS[verbosity])]
    if folder is not None:
        handlers.append(_open_file(folder, keep))
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in _OURS]
    for logger, _ in before:
        logger.setLevel(level)
    for handler in handlers:
        logging.getLogger().addHandler(handler)
    try:
        yield
    except Exception as error:
        for handler in handlers[1:]:  # the console hears of it at the end
            with suppress(WriteError):  # what cannot be written is what may have ended the run
                handler.handle(_record(error))
        raise
    finally:
        for logger, old in before:
            logger.setLevel(old)
        for handler in handlers:
            _remove(handler)


def _record(error: Exception) -> logging.LogRecord:
    text = str(error) if isinstance(error, StoppedError) else f"{type(error).__name__}: {error}"
    return logging.LogRecord(__name__, logging.ERROR, __file__, 0, "%s", (text,), None)


class _Console(logging.Handler):
    """Prints messages on stdout, above a progress bar where there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        prefix = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
        laid_out = record.msg.lay_out(columns(sys.stdout)) if isinstance(record.msg, Layout) else self.format(record)
        say(prefix + laid_out)


def say(text: str) -> None:
    """Print lines on stdout whatever the verbosity, above a progress bar where there is one, folded for a terminal."""
    from tqdm import tqdm

    try:
        tqdm.write(on_screen(printable(text), sys.stdout), file=sys.stdout)
        sys.stdout.flush()
    except OSError:  # in somebody's own program, whose reader or terminal has gone: no reason to stop training
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _RunFile(logging.Handler):
    """A log file whose failure ends the run with a clear message, where logging would print a traceback and go on.

    `folder` is where it lies, and `size` its length in bytes.
    """

    def __init__(self, path: Path, handle: int) -> None:
        super().__init__()
        self.path = path
        self.folder = path.parent
        self.size = os.fstat(handle).st_size
        self._handle = handle

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
            while line:  # a limit on the size of files cuts it
                written = os.write(self._handle, line)
                self.size += written
                line = line[written:]
        except OSError:
            self.handleError(record)

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        with writing(self.path):
            raise  # logging calls this while it handles the error

    def close(self) -> None:
        super().close()
        os.close(self._handle)


class _Lines(logging.Formatter):
    """Lines as `logging` writes them; a second becomes text once, which takes as long as all the rest of a line."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 (logging's name)
        return f"{_second(int(record.created))},{int(record.msecs):03d}"


@lru_cache(maxsize=1)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def log_bytes(folder: Path) -> int:
    """The size of the run.log that is being written into a folder; 0 where there is none."""
    files = (handler for handler in logging.getLogger().handlers if isinstance(handler, _RunFile))
    return next((file.size for file in files if file.folder == folder), 0)


def _open_file(folder: Path, keep: int | None) -> logging.Handler:
    make_folder(folder)
    path = folder / _FILE
    with writing(path):
        handle = open_descriptor(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        if keep is not None and keep < os.fstat(handle).st_size:
            os.ftruncate(handle, keep)
        handler = _RunFile(path, handle)
    handler.setFormatter(_Lines("%(asctime)s %(levelname)-7s %(message)s"))
    return handler


def _remove(handler: logging.Handler) -> None:
    logging.getLogger().removeHandler(handler)
    with suppress(OSError):  # a full disk was reported when it was met
        handler.close()
