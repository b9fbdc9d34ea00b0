"""The signals that stop a run."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from base.stop import Stop

# Ctrl-C, a closed terminal, and the ways in which batch systems warn a job before they kill it.
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGXCPU")
SIGNALS = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
_BY_PEOPLE = [getattr(signal, name) for name in NAMES[:3] if hasattr(signal, name)]  # who mean it if they repeat it
_STDERR = 2


@contextmanager
def stopping_by_signals(stop: Stop) -> Iterator[None]:
    """A time in which the first signal to stop only sets `stop`; a second Ctrl-C, or SIGTERM again, ends at once.

    A warning that a batch system repeats does not. A signal that is ignored, as SIGHUP is under nohup, stays so. Only
    the main thread can receive signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.signal is None:
            stop.signal = number
            _say("\nstopping after this step; again to stop at once, without a checkpoint of this step\n")
        elif number in _BY_PEOPLE and stop.signal in _BY_PEOPLE:
            stop.at_once = True
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
