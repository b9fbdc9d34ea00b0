"""Processes that share tasks: every task done once, the leader never overtaken, errors handed on, none left behind."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from base.errors import WorkerError
from base.shared_memory import shared_zeros
from base.types import Array
from tests.running import PROJECT
from trainer.workers.processes import Processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")


def noting(place: Array) -> Callable[[int], None]:
    """A task that notes the process that does it."""

    def note(task: int) -> None:
        place[task] = os.getpid()

    return note


def children() -> set[str]:
    """The processes that this one has started, running or ended and not waited for."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            if path.read_text(errors="replace").rpartition(")")[2].split()[1] == str(os.getpid()):
                found.add(path.parent.name)
    return found


@pytest.fixture(autouse=True)
def _others() -> None:
    """Note the children that other tests have left, such as those that libraries keep."""
    global before
    before = children()


before: set[str] = set()


def no_children() -> bool:
    """Whether this process has no more than before the test."""
    return children() <= before


@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_task_is_done_once_and_all_processes_take_part(count: int) -> None:
    workers, times, places = Processes(count), shared_zeros((4, 100), int), shared_zeros(100, int)

    def work(task: tuple[int, int]) -> None:
        times[task] += 1
        places[task[1]] = os.getpid()

    with workers.parallel_region("test"):
        for row, tasks in enumerate((0, 1, 3, 100)):
            workers.run(work, [(row, column) for column in range(tasks)])
    assert [int(row.sum()) for row in times] == [0, 1, 3, 100]
    assert times.max() == 1
    assert len(set(places.tolist())) == count
    assert no_children()


def test_outside_a_region_the_caller_does_everything() -> None:
    workers, places = Processes(2), shared_zeros(4, int)
    workers.run(noting(places), range(4))
    assert set(places.tolist()) == {os.getpid()}


def test_work_that_is_over_before_processes_are_forked_is_done_by_the_caller_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("trainer.workers.processes.WORTH_SECONDS", 60.0)  # forking takes its time
    workers, places = Processes(2), shared_zeros(2, int)
    for _ in range(2):
        with workers.parallel_region("short"):
            workers.run(noting(places), range(2))
    assert set(places.tolist()) == {os.getpid()}
    with workers.parallel_region("another"):
        workers.run(noting(places), range(2))
    assert len(set(places.tolist())) == 2


def test_only_one_process_leads() -> None:
    workers, is_leader = Processes(3), shared_zeros(3, int)

    def note(task: int) -> None:
        is_leader[task] = 1 + workers.is_leader

    with workers.parallel_region("test") as leads:
        assert leads == workers.is_leader
        workers.run(note, range(3))
    assert is_leader.tolist() == [2, 1, 1]


def test_a_region_within_a_region_is_the_same_region() -> None:
    workers, places = Processes(2), shared_zeros(2, int)
    with workers.parallel_region("test") as is_leader, workers.parallel_region("test") as again:
        assert is_leader == again
        workers.run(noting(places), range(2))
    assert len(set(places.tolist())) == 2


def test_others_see_what_was_done_before_the_region_and_what_runs_before_have_written() -> None:
    workers, table, start = Processes(2), shared_zeros((5, 2), int), [7]

    def add(task: tuple[int, int]) -> None:
        row, column = task
        table[row, column] = start[0] + column if row == 0 else table[row - 1].sum()

    start[0] = 1
    with workers.parallel_region("test"):
        for row in range(5):
            workers.run(add, [(row, 0), (row, 1)])
    assert table.tolist() == [[1, 2], [3, 3], [6, 6], [12, 12], [24, 24]]


def test_no_task_begins_before_the_leader_has_come_to_its_run() -> None:
    workers, numbers = Processes(2), shared_zeros(2, int)

    def count(task: int) -> None:
        numbers[task] += 1

    with workers.parallel_region("test") as is_leader:
        for run in range(1, 6):
            workers.run(count, range(2))
            if is_leader:
                time.sleep(0.005)
                assert numbers.tolist() == [run, run]


def test_an_error_in_another_process_reaches_the_leader_with_its_traceback() -> None:
    workers, numbers = Processes(2), shared_zeros(2, int)

    def fail(task: int) -> None:
        if task == 1:
            raise ZeroDivisionError("of shard 1")

    with pytest.raises(ZeroDivisionError, match="of shard 1") as caught, workers.parallel_region("test"):
        workers.run(fail, range(2))
    assert "in fail" in "".join(caught.value.__notes__)
    with workers.parallel_region("next"):
        workers.run(noting(numbers), range(2))
    assert numbers.all()
    assert no_children()


def test_an_error_too_large_for_a_pipe_is_sent_as_text() -> None:
    workers = Processes(2)

    def fail(task: int) -> None:
        if task == 1:
            raise ValueError("large", np.zeros(10**6))

    with pytest.raises(RuntimeError, match="large"), workers.parallel_region("test"):
        workers.run(fail, range(2))
    assert no_children()


def test_an_error_that_cannot_be_sent_is_sent_as_text() -> None:
    class LocalError(Exception):
        pass

    def fail(task: int) -> None:
        if task == 1:
            raise LocalError("of shard 1")

    workers = Processes(2)
    with pytest.raises(RuntimeError, match="of shard 1"), workers.parallel_region("test"):
        workers.run(fail, range(2))


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_an_error_of_the_leader_ends_the_others(error: type[BaseException]) -> None:
    def fail(task: int) -> None:
        if task == 0:
            raise error

    workers = Processes(2)
    with pytest.raises(error), workers.parallel_region("test"):
        workers.run(fail, range(2))
    assert no_children()


def test_a_leader_that_leaves_early_ends_the_others() -> None:
    workers, numbers = Processes(2), shared_zeros(2, int)
    with workers.parallel_region("test") as is_leader:
        for run in range(1000):
            workers.run(noting(numbers), range(2))
            if is_leader and run == 3:
                break
    assert no_children()


def test_a_process_that_is_killed_is_missed() -> None:
    def die(task: int) -> None:
        if task == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    workers = Processes(2)
    message = r"a worker process was ended by SIGKILL; .* trainer.threads"
    with pytest.raises(WorkerError, match=message), workers.parallel_region("test"):
        workers.run(die, range(2))
    assert no_children()


def test_where_no_process_can_be_forked_the_caller_works_alone_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("trainer.workers.processes._fork", refused)
    workers, numbers = Processes(4), shared_zeros(4, int)
    for _ in range(2):
        with workers.parallel_region("test") as is_leader:
            assert is_leader
            workers.run(noting(numbers), range(4))
    assert workers.count == 1
    assert set(numbers.tolist()) == {os.getpid()}
    assert caplog.text.count("the system refuses more processes (Resource temporarily unavailable)") == 1
    assert no_children()


def test_ctrl_c_is_the_leaders_to_answer() -> None:
    workers, numbers = Processes(2), shared_zeros(2, int)

    def interrupt(task: int) -> None:
        if task == 1:
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(os.getpid(), number)
        numbers[task] = 1

    with workers.parallel_region("test"):
        workers.run(interrupt, range(2))
    assert numbers.tolist() == [1, 1]


ENDLESS = """
import os, time
from trainer.workers.processes import Processes
workers = Processes(2)
def work(task):
    if task == 1:
        print(os.getpid(), flush=True)
with workers.parallel_region("test") as is_leader:
    workers.run(work, range(2))
    if is_leader:
        time.sleep(60)
    workers.run(work, range(2))
"""


def test_others_do_not_outlive_a_leader_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ENDLESS], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as leader:
        assert leader.stdout is not None
        other = int(leader.stdout.readline())
        leader.kill()
    deadline = time.monotonic() + 10
    while _runs(other):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _runs(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_more_processes_than_cores_do_not_stand_in_each_others_way() -> None:
    workers, numbers = Processes(8), shared_zeros(8, int)
    with workers.parallel_region("test"):
        for _ in range(20):
            workers.run(noting(numbers), range(8))
    assert len(np.unique(numbers)) == 8
