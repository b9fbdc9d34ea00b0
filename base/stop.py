"""A stop request, honoured where the run can be continued from."""

import math
import signal
import time

_TIME_IS_UP = 1000  # above any signal's number


class Terminated(KeyboardInterrupt):
    """A signal by which a batch system or a closed terminal ends a program; handled as Ctrl-C is."""

    def __init__(self, number: int = signal.SIGTERM) -> None:
        super().__init__(number)
        self.number = number


class TimeIsUp(KeyboardInterrupt):
    """The time that a run was given is over; it can be continued."""


class Stop:
    """A request to stop, by a signal handler or the clock, which is looked at between two steps.

    `deadline` is a time of `time.monotonic`.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self.at_once = False  # requested a second time: slow work at the end, such as pictures, is left out
        self.deadline = math.inf

    @property
    def requested(self) -> bool:
        """True if a stop was requested, or time is up."""
        return self.signal is not None or time.monotonic() >= self.deadline

    @property
    def code(self) -> int:
        """The request as a number: 0 for none, the signal's, or for the end of the time a larger one."""
        return self.signal or (_TIME_IS_UP if self.requested else 0)

    def raise_if_requested(self) -> None:
        """Raise KeyboardInterrupt, Terminated after other signals, or TimeIsUp, if a stop was requested."""
        self.raise_for(self.code)

    def raise_for(self, code: int) -> None:
        """The same for what was requested when `code` was read, of this process or of others that train with it."""
        if code == _TIME_IS_UP:
            raise TimeIsUp
        if code:
            raise self.exception(code)

    @staticmethod
    def exception(number: int) -> KeyboardInterrupt:
        """The exception that a signal ends a program with."""
        return KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)
