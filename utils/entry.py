"""How a program ends: every foreseen end has its exit code and one message, and no traceback."""

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from base.errors import StoppedError, UserError
from base.stop import Terminated
from utils.blas_kernels import prefer_wide_kernels

INTERRUPTED, TERMINATED = 130, 143


def run_program(program: Callable[[], None]) -> NoReturn:
    """Run a program to its end and leave with its exit code: 0, 2, 3, 4, 130 or 143; 1 is a defect."""
    signal.signal(signal.SIGTERM, _terminate)
    if hasattr(signal, "SIGCHLD"):  # who started us may ignore it, and then no child can be waited for
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    prefer_wide_kernels()
    try:
        program()
    except StoppedError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except MemoryError as error:
        print(f"error: out of memory: {error}; lower the batch size or make the network smaller", file=sys.stderr)
        sys.exit(UserError.exit_code)
    except Terminated:
        sys.exit(TERMINATED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(0)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated
