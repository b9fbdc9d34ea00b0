"""A wish to stop, which is heard where a run can be continued from."""

import signal


class Terminated(KeyboardInterrupt):
    """SIGTERM, which clusters send, or a closed terminal; handled as Ctrl-C is."""


class Stop:
    """Set from outside, by a signal; looked at between two steps."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self.at_once = False  # whether what would be good to have at the end is not worth waiting for

    @property
    def wanted(self) -> bool:
        """True if a stop was requested."""
        return self.signal is not None

    def obey(self) -> None:
        """Raise KeyboardInterrupt, or Terminated, if it is wanted."""
        if self.signal is not None:
            raise self.exception(self.signal)

    @staticmethod
    def exception(number: int) -> KeyboardInterrupt:
        """The exception that a signal ends a program with."""
        return KeyboardInterrupt() if number == signal.SIGINT else Terminated()
