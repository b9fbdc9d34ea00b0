"""The first signal is a wish, the second is heard at once."""

import os
import signal

import pytest

from base.stop import Stop, Terminated, TimeIsUp
from utils.stop_signals import stopping_by_signals


def test_the_second_signal_ends_at_once_and_says_that_nothing_is_worth_waiting_for() -> None:
    stop = Stop()
    with stopping_by_signals(stop):
        os.kill(os.getpid(), signal.SIGINT)
        assert (stop.requested, stop.at_once) == (True, False)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert stop.at_once


@pytest.mark.parametrize("name", ["SIGUSR1", "SIGUSR2", "SIGXCPU"])
def test_a_warning_of_a_batch_system_may_be_repeated_and_followed_by_its_end(name: str) -> None:
    stop, number = Stop(), getattr(signal, name)
    with stopping_by_signals(stop):
        for sent in (number, number, signal.SIGTERM):
            os.kill(os.getpid(), sent)
        assert (stop.requested, stop.at_once) == (True, False)
        with pytest.raises(Terminated) as caught:
            stop.raise_if_requested()
        assert caught.value.number == signal.SIGTERM


def test_a_signal_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    stop = Stop()
    with stopping_by_signals(stop):
        os.kill(os.getpid(), signal.SIGUSR1)
        assert not stop.requested


def test_a_deadline_stops_as_a_signal_does() -> None:
    stop = Stop()
    stop.raise_if_requested()
    stop.deadline = 0.0
    with pytest.raises(TimeIsUp):
        stop.raise_if_requested()
