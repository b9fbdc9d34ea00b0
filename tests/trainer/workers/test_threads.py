"""Threads that share tasks: every task done once, errors handed to the caller, nothing left behind."""

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from trainer.workers.threads import Threads


@pytest.fixture(params=[1, 2, 4])
def workers(request: pytest.FixtureRequest) -> Iterator[Threads]:
    """So many threads, closed at the end."""
    made = Threads(request.param)
    yield made
    made.close()


def test_every_task_is_done_once(workers: Threads) -> None:
    for count in (0, 1, 3, 100, 2):
        done: list[int] = []
        workers.run(done.append, range(count))
        assert sorted(done) == list(range(count))


@pytest.mark.parametrize("sleep", [0.0, 0.01], ids=["awake", "asleep"])
def test_all_threads_take_part(sleep: float) -> None:
    workers = Threads(4)
    meeting = threading.Barrier(4, timeout=5)
    places: list[int] = []
    for _ in range(3):
        time.sleep(sleep)
        workers.run(lambda _: places.append(meeting.wait()), range(4))
    assert sorted(places) == sorted([*range(4)] * 3)
    workers.close()


def _fail_at(failing: int, task: int) -> None:
    time.sleep(1e-3)
    if task == failing:
        raise ZeroDivisionError


def test_an_error_on_any_thread_reaches_the_caller_and_later_runs_are_whole(workers: Threads) -> None:
    for failing in range(8):
        with pytest.raises(ZeroDivisionError):
            workers.run(partial(_fail_at, failing), range(8))
        done: list[int] = []
        workers.run(done.append, range(20))
        assert sorted(done) == list(range(20))


def test_of_many_errors_one_is_raised_and_none_is_kept_for_the_next_run(workers: Threads) -> None:
    with pytest.raises(ZeroDivisionError):
        workers.run(lambda task: _fail_at(task, task), range(8))
    workers.run(lambda task: None, range(8))


def test_an_error_waits_for_tasks_that_other_threads_have_begun() -> None:
    workers, caller = Threads(2), threading.current_thread()
    meeting, finished = threading.Barrier(2, timeout=5), threading.Event()

    def work(_: int) -> None:
        meeting.wait()
        if threading.current_thread() is caller:
            raise KeyboardInterrupt
        time.sleep(0.05)
        finished.set()

    with pytest.raises(KeyboardInterrupt):
        workers.run(work, range(2))
    assert finished.is_set()
    workers.close()


def test_closing_ends_the_threads() -> None:
    before = set(threading.enumerate())
    workers = Threads(4)
    started = set(threading.enumerate()) - before
    assert len(started) == 3
    workers.run(lambda task: None, range(4))
    workers.close()
    for thread in started:
        thread.join(timeout=5)
    assert not any(thread.is_alive() for thread in started)


def test_where_no_thread_can_be_started_those_there_are_work(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started, start = [], threading.Thread.start

    def refuse_the_second(thread: threading.Thread) -> None:
        started.append(thread)
        if len(started) > 1:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse_the_second)
    workers, done = Threads(4), []
    workers.run(done.append, range(8))
    assert sorted(done) == list(range(8))
    assert workers.count == 2
    assert "the system refuses more threads (can't start new thread)" in caplog.text
    workers.close()
