"""The signals that stop a run."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from base.stop import Stop

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_STDERR = 2


@contextmanager
def stopping_by_signals(stop: Stop) -> Iterator[None]:
    """A time in which the first Ctrl-C, SIGTERM or closed terminal only sets `stop`; the second ends at once.

    A signal that is ignored, as SIGHUP is under nohup, stays so. Only the main thread can receive signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.requested:
            stop.at_once = True
            raise stop.exception(number)
        stop.signal = number
        _say("\nstopping after this step; again to stop at once, without a checkpoint of this step\n")

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    """Write to stderr as a signal handler may: without Python's buffers, which may be in use."""
    with suppress(OSError):  # the terminal is gone
        os.write(_STDERR, text.encode())
