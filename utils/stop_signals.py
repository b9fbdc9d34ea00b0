"""The signals that stop a run."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from base.stop import Stop
from utils.ranks.current import current

# Ctrl-C, a closed terminal, and the ways in which batch systems warn a job before they kill it.
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGXCPU")
SIGNALS = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
_BY_PEOPLE = [getattr(signal, name) for name in NAMES[:3] if hasattr(signal, name)]  # who mean it if they repeat it
_STDERR = 2
_SAME_SECONDS = 1.0


@contextmanager
def stopping_by_signals(stop: Stop) -> Iterator[None]:
    """A time in which the first signal to stop only sets `stop`; a second Ctrl-C, or SIGTERM again, ends at once.

    A warning that a batch system repeats does not. A signal that is ignored, as SIGHUP is under nohup, stays so. Only
    the main thread can receive signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    begun = time.monotonic()

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal begun
        if stop.signal is None:
            stop.signal, begun = number, time.monotonic()
            if current().is_first:
                _say("\nstopping after this step; again to stop at once, without a checkpoint of this step\n")
        elif current().size > 1 and time.monotonic() - begun < _SAME_SECONDS:
            return  # of one Ctrl-C: the terminal sends it to every process, and the launcher once more
        elif number in _BY_PEOPLE and stop.signal in _BY_PEOPLE:
            stop.at_once = current().interrupted = True
            raise stop.exception(number)
        elif number in _BY_PEOPLE:
            stop.signal = number

    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # else it was not set from Python
                signal.signal(number, handler)


def _say(text: str) -> None:
    """Write to stderr as a signal handler may: without Python's buffers, which may be in use."""
    with suppress(OSError):  # the terminal is gone
        os.write(_STDERR, text.encode())
