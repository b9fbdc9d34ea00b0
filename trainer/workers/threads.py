"""A few threads that share the tasks of a step."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from trainer.workers.workers import Workers

LOG = logging.getLogger(__name__)

_ONES = np.ones(4096)  # square roots of ones are ones, so threads may write them at the same time


class Threads(Workers):
    """The calling thread and others, which spin while they wait only where each has a core of its own."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self._function: Callable[[Any], None] | None = None
        self._tasks: Iterator[Any] = iter(())
        self._errors: list[BaseException] = []
        self._bells: list[threading.Lock] = []
        self._done: list[threading.Lock] = []
        try:
            for _ in range(count - 1):
                self._start_another()
        except RuntimeError as error:  # there are too many threads
            self.count = 1 + len(self._bells)
            LOG.warning("the system refuses more threads (%s); %d work, which is slower", error, self.count)

    @property
    def is_leader(self) -> bool:
        return True

    @contextmanager
    def parallel_region(self, purpose: str) -> Iterator[bool]:
        yield True

    def run(self, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        tasks = tuple(tasks)
        self._function, self._tasks, self._errors = function, iter(tasks), []
        others = min(
            max(len(tasks) - 1, 0), len(self._bells)
        )  # waking a thread that finds nothing to do costs as much as one that does
        for bell in self._bells[:others]:
            bell.release()
        self._work(function)
        for done in self._done[:others]:
            self._wait(done)
        if self._errors:
            raise self._errors[0]

    def close(self) -> None:
        self._function = None
        for bell in self._bells:
            with suppress(RuntimeError):  # open already: a run was interrupted
                bell.release()

    def _start_another(self) -> None:
        bell, done = _closed_gate(), _closed_gate()
        threading.Thread(target=self._serve, args=(bell, done), daemon=True).start()
        self._bells.append(bell)
        self._done.append(done)

    def _serve(self, bell: threading.Lock, done: threading.Lock) -> None:
        while True:
            self._wait(bell)
            if self._function is None:
                return
            self._work(self._function)
            done.release()

    def _work(self, function: Callable[[Any], None]) -> None:
        try:
            for task in self._tasks:  # taking the next of a tuple is atomic, so each task is taken once
                function(task)
        except BaseException as error:  # also of the calling thread: the others must be waited for first
            self._errors.append(error)

    def _wait(self, gate: threading.Lock) -> None:
        deadline = time.perf_counter() + self._spin
        while not gate.acquire(blocking=False):
            if time.perf_counter() > deadline:
                gate.acquire()
                self._has_waited(is_late=True)
                return
            np.sqrt(_ONES, out=_ONES)  # some microseconds without the interpreter's lock
        self._has_waited(is_late=False)


def _closed_gate() -> threading.Lock:
    gate = threading.Lock()
    gate.acquire()
    return gate
