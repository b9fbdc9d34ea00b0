"""A stop request, honoured where the run can be continued from."""

import signal


class Terminated(KeyboardInterrupt):
    """SIGTERM, which clusters send, or a closed terminal; handled as Ctrl-C is."""


class Stop:
    """A request to stop, set by a signal handler and checked between two steps."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self.at_once = False  # requested a second time: slow work at the end, such as pictures, is left out

    @property
    def requested(self) -> bool:
        """True if a stop was requested."""
        return self.signal is not None

    def raise_if_requested(self) -> None:
        """Raise KeyboardInterrupt, or Terminated after a SIGTERM, if a stop was requested."""
        if self.signal is not None:
            raise self.exception(self.signal)

    @staticmethod
    def exception(number: int) -> KeyboardInterrupt:
        """The exception that a signal ends a program with."""
        return KeyboardInterrupt() if number == signal.SIGINT else Terminated()
