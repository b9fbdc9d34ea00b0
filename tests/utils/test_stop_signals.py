"""The first signal is a wish, the second is heard at once."""

import os
import signal

import pytest

from base.stop import Stop
from utils.stop_signals import stopping_by_signals


def test_the_second_signal_ends_at_once_and_says_that_nothing_is_worth_waiting_for() -> None:
    stop = Stop()
    with stopping_by_signals(stop):
        os.kill(os.getpid(), signal.SIGINT)
        assert (stop.requested, stop.at_once) == (True, False)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert stop.at_once
