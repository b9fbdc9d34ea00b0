"""Processes that share the tasks of a step."""

import gc
import logging
import mmap
import os
import pickle
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from base.errors import WorkerError
from trainer.workers.workers import Workers
from utils.stop_signals import SIGNALS

LOG = logging.getLogger(__name__)

NAP_SECONDS = 5e-5
WORTH_SECONDS = 0.04  # of a parallel region; forking and ending the processes takes a quarter of this
_APART = 8  # numbers between two counters: each has a cache line of its own
_STOPPED = 1 << 62
_PIPE = 1 << 15  # bytes of an error that are sure to fit


class Processes(Workers):
    """The calling process, and in a parallel region forked copies of it, each with an interpreter lock of its own.

    They synchronise by a counter for each process in shared memory, which it alone writes. The leader's is increased
    when a run begins and again when it ends, a child's when its tasks of the run are done. A counter is written after
    the arrays that it announces; x86 processors guarantee that others see the writes in this order, and ARM's do not.
    """

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self._rank = 0
        self._children: dict[int, int] = {}  # process ids by rank, in the leader, whose rank is 0
        self._in_region = False
        self._runs = 0
        self._too_short: set[str] = set()

    @property
    def is_leader(self) -> bool:
        return self._rank == 0

    @contextmanager
    def parallel_region(self, purpose: str) -> Iterator[bool]:
        if self._in_region or self.count == 1 or purpose in self._too_short:
            yield self.is_leader
            return
        start = time.perf_counter()
        try:
            self._fork()
        except OSError as error:  # there are too many processes, or too little memory for one more
            self._end_children()
            LOG.warning("the system refuses more processes (%s); this one works alone: that is slower", error.strerror)
            self.count = 1
            yield True
            return
        if not self.is_leader:
            yield from self._run_as_child()
        try:
            yield True
        finally:
            self._end_children()
        if time.perf_counter() - start < WORTH_SECONDS:
            self._too_short.add(purpose)

    def run(self, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        if not self._in_region:
            for task in tasks:
                function(task)
            return
        mine = tuple(tasks)[self._rank :: self.count]
        self._runs += 1
        begun, ended = 2 * self._runs - 1, 2 * self._runs
        if self.is_leader:
            self._publish(begun)
            for task in mine:
                function(task)
            for rank in self._children:
                self._wait(rank, self._runs)
            self._publish(ended)
        else:
            self._wait(0, begun)
            for task in mine:
                function(task)
            self._publish(self._runs)
            self._wait(0, ended)

    def close(self) -> None:
        """Nothing is left to end: children end with their region."""

    def _fork(self) -> None:
        self._counters = memoryview(mmap.mmap(-1, 8 * _APART * self.count)).cast("q")
        self._report = os.pipe()
        self._leader = os.getpid()
        self._runs, self._in_region = 0, True
        masked = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            for rank in range(1, self.count):
                if not (process := _fork()):
                    self._rank = rank
                    for stop in SIGNALS:  # a terminal and some clusters signal every process;
                        signal.signal(stop, signal.SIG_IGN)  # the leader decides what becomes of it
                    break
                self._children[rank] = process
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)

    def _run_as_child(self) -> Iterator[bool]:
        gc.freeze()  # what was made before the fork is the leader's to clean up
        try:
            yield False
        except BaseException as error:
            error.add_note("".join(traceback.format_exception(error)))
            os.write(self._report[1], _pickled(error))
        os._exit(0)

    def _end_children(self) -> None:
        """End the children, wherever they are: each stops at its next wait."""
        self._in_region = False
        self._publish(_STOPPED)
        for process in self._children.values():
            os.waitpid(process, 0)
        self._children = {}
        for end in self._report:
            os.close(end)

    def _publish(self, number: int) -> None:
        self._counters[self._rank * _APART] = number

    def _wait(self, rank: int, number: int) -> None:
        counters, index, is_late = self._counters, rank * _APART, False
        deadline = time.perf_counter() + self._spin
        while counters[index] < number:
            if time.perf_counter() > deadline:
                is_late = True
                self._check_alive(rank)
                time.sleep(NAP_SECONDS)
        self._has_waited(is_late)
        if counters[index] == _STOPPED:
            os._exit(0)

    def _check_alive(self, rank: int) -> None:
        """Check that the awaited process still runs: the leader raises the error that ended a child."""
        if not self.is_leader:
            if os.getppid() != self._leader:
                os._exit(1)
            return
        ended, status = os.waitpid(self._children[rank], os.WNOHANG)
        if ended:
            del self._children[rank]
            self._raise(status)

    def _raise(self, status: int) -> NoReturn:
        os.set_blocking(self._report[0], False)
        try:
            error = pickle.loads(os.read(self._report[0], 1 << 20))
        except BlockingIOError:
            how = f"was ended by {_signal_name(status)}" if os.WIFSIGNALED(status) else f"ended with status {status}"
            raise WorkerError(
                f"a worker process {how}; where memory is short, or a container limits it, use fewer with "
                f"trainer.threads, or a smaller batch"
            ) from None
        raise error


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # on threads that other libraries keep: none is used here
        return os.fork()


def _signal_name(status: int) -> str:
    number = os.WTERMSIG(status)
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"


def _pickled(error: BaseException) -> bytes:
    """The error, or its text where it cannot be sent: a pipe holds 64 KiB, and is read after this process."""
    with suppress(Exception):
        content = pickle.dumps(error)
        if len(content) <= _PIPE and isinstance(pickle.loads(content), type(error)):
            return content
    text = "\n".join([repr(error)[:1000], *(note[-5000:] for note in getattr(error, "__notes__", ())[-2:])])
    return pickle.dumps(RuntimeError(text))
