"""The end of a program: every foreseen end has its exit code and one message, and no traceback."""

import os
import re
import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from base.errors import AlreadyDone, NonFiniteError, StoppedError, UserError, WriteError
from base.stop import Stop, Terminated
from utils.blas_kernels import prefer_wide_kernels
from utils.printable import printable
from utils.ranks.current import current, refuse_ranks
from utils.screen import on_screen
from utils.stop_signals import SIGNALS
from utils.streams import losses, open_streams

_DEFECT = 1
_SIGNALLED = 128  # and the signal's number: the exit code that shells give
_EDGE, _LONGEST = 100, 1000  # characters of a word


def run_program(program: Callable[[], None], takes_ranks: bool = False) -> NoReturn:
    """Run a program to its end and leave with its exit code: 0, 2, 3, 4 or 128 and a signal's number; 1 is a defect.

    Where MPI has started it in several processes it is refused, unless it `takes_ranks`.
    """
    open_streams()
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as whoever started us wants it
            signal.signal(number, _stop)
    if hasattr(signal, "SIGCHLD"):  # who started us may ignore it, and then no child can be waited for
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    prefer_wide_kernels()
    try:
        _expect_folder()
        if not takes_ranks:
            refuse_ranks(os.path.basename(sys.argv[0]))
        program()
        _ignore_signals()
    except StoppedError as error:
        text = f"error: {_readable(str(error))}" if error.exit_code else str(error)
        _end(text, error.exit_code, awaited=isinstance(error, NonFiniteError | AlreadyDone))
    except MemoryError as error:
        _end(f"error: out of memory: {error}; lower the batch size or make the network smaller", UserError.exit_code)
    except Terminated as stopped:
        _end(f"stopped by {signal.Signals(stopped.number).name}", _SIGNALLED + stopped.number, _all_stop())
    except KeyboardInterrupt:
        _end("stopped by Ctrl-C", _SIGNALLED + signal.SIGINT, _all_stop())
    except SystemExit as end:  # of the command line
        _leave(end.code if isinstance(end.code, int) else 0)
    except Exception as error:
        if current().size == 1:
            raise
        _end("".join(traceback.format_exception(error)), _DEFECT)
    current().leave(0, "", awaited=True)
    _leave(0)


def _end(text: str, code: int, awaited: bool = False) -> NoReturn:
    """Print a message and leave; `awaited` says that others who train with this process end so too."""
    _ignore_signals()
    if current().leave(code, text, awaited):
        stream = sys.stderr if code else sys.stdout
        print(on_screen(text, stream), file=stream)
    _leave(code)


def _all_stop() -> bool:
    """True where those who train together have agreed on a stop, and no signal has ended this one at once."""
    return not current().interrupted


def _leave(code: int) -> NoReturn:
    """End with this code; where all went well, but not all that was printed could be written, with WriteError's."""
    for name, text in losses():
        failed = code == 0 and name == "stdout"
        print(f"{'error' if failed else 'warning'}: {name} {text}", file=sys.stderr)
        code = WriteError.exit_code if failed else code
    current().exit(code)
    sys.exit(code)


def _expect_folder() -> None:
    """Raise UserError where the current folder was removed, as relative paths then lead nowhere."""
    try:
        os.getcwd()
    except OSError as error:
        raise UserError("the current folder is not there any more; change into one that is: cd FOLDER") from error


def _ignore_signals() -> None:
    """Let nothing interrupt the last lines; how the program ends is settled."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _readable(text: str) -> str:
    """A message without the middle of words that are longer than anybody reads, such as a path that cannot be one."""
    return re.sub(rf"(\S{{{_EDGE}}})\S{{{_LONGEST},}}(\S{{{_EDGE}}})", r"\1...\2", printable(text))


def _stop(number: int, frame: FrameType | None) -> None:
    current().interrupted = True
    raise Stop.exception(number)
