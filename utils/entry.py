"""The end of a program: every foreseen end has its exit code and one message, and no traceback."""

import re
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from base.errors import StoppedError, UserError
from base.stop import Terminated
from utils.blas_kernels import prefer_wide_kernels

INTERRUPTED, TERMINATED = 130, 143
_EDGE, _LONGEST = 100, 1000  # characters of a word


def run_program(program: Callable[[], None]) -> NoReturn:
    """Run a program to its end and leave with its exit code: 0, 2, 3, 4, 130 or 143; 1 is a defect."""
    signal.signal(signal.SIGTERM, _terminate)
    if hasattr(signal, "SIGCHLD"):  # who started us may ignore it, and then no child can be waited for
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    prefer_wide_kernels()
    try:
        program()
    except StoppedError as error:
        _end(f"error: {_readable(str(error))}", error.exit_code)
    except MemoryError as error:
        _end(f"error: out of memory: {error}; lower the batch size or make the network smaller", UserError.exit_code)
    except Terminated:
        _end("stopped by a signal", TERMINATED)
    except KeyboardInterrupt:
        _end("stopped by Ctrl-C", INTERRUPTED)
    sys.exit(0)


def _end(text: str, code: int) -> NoReturn:
    with suppress(OSError):  # the terminal may be gone
        print(text, file=sys.stderr)
    sys.exit(code)


def _readable(text: str) -> str:
    """A message without the middle of words that are longer than anybody reads, such as a path that cannot be one."""
    return re.sub(rf"(\S{{{_EDGE}}})\S{{{_LONGEST},}}(\S{{{_EDGE}}})", r"\1...\2", text)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated
