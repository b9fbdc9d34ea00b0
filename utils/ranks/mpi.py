"""Ranks on MPI, through mpi4py."""

from __future__ import annotations

import math
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
from mpi4py import MPI

from base.errors import RankError
from base.types import Array
from utils.ranks.ranks import Ranks, T

MOST_SPIN = 2e-3  # seconds that a process waits awake; then it naps between two looks
LEAST_SPIN = 5e-5
NAP_SECONDS = 5e-5
LONGEST_NAP = 5e-3
_NAPS = 20  # of a wait so far is a nap this part, so that a long wait costs the core little
PATIENCE = 4.0  # seconds that a rank that failed leaves to the first to say so
_LISTEN_SECONDS = 0.01
_LOOK_SECONDS = 0.5
_STDERR = 2
_FAILED, _END = 1, 2  # tags of messages on failures and on the end


class MpiRanks(Ranks):
    """The ranks of MPI's world. Only the thread that imported mpi4py calls MPI.

    Waiting is a loop in Python around MPI's tests and not a blocking call: signals are handled meanwhile, a core that
    others need is let go of, and the messages of a rank that failed are heard. A rank that fails tells the first, which
    prints it, tells all and ends; launchers then end whoever is left.
    """

    def __init__(self) -> None:
        self.comm = MPI.COMM_WORLD.Dup()
        self._control = MPI.COMM_WORLD.Dup()
        self.rank, self.size = self.comm.rank, self.comm.size
        self.host = MPI.Get_processor_name()
        self._spin, self._most_spin = 0.0, 0.0
        self._heard_at = 0.0
        self._in_order = False
        self._sent: list[Any] = []
        self._cores = _own_cores(self.gathered((self.host, _affinity())), self.rank)
        self._watch_launcher()

    @property
    def cores(self) -> int:
        return self._cores[0]

    def occupy(self, threads: int) -> None:
        """Take note of how many threads this rank works with: where cores are too few, it does not wait awake."""
        self._most_spin = MOST_SPIN if threads <= self._cores[1] else 0.0
        self._spin = self._most_spin

    def from_first(self, make: Callable[[], T]) -> T:
        if self.is_first:
            made = make()
            content = np.frombuffer(pickle.dumps(made, protocol=5), np.uint8)
            self.wait(self.comm.Ibcast(np.array([content.size], np.int64)))
            self.wait(self.comm.Ibcast(content))
            return made
        size = np.empty(1, np.int64)
        self.wait(self.comm.Ibcast(size))
        content = np.empty(size[0], np.uint8)
        self.wait(self.comm.Ibcast(content))
        received: T = pickle.loads(content.data)
        return received

    def gathered(self, value: T) -> list[T]:
        content = np.frombuffer(pickle.dumps(value), np.uint8)
        sizes: Array = np.empty(self.size, np.int64)
        self.wait(self.comm.Iallgather(np.array([content.size], np.int64), sizes))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        whole = np.empty(starts[-1], np.uint8)
        self.wait(self.comm.Iallgatherv(content, [whole, sizes, starts[:-1], MPI.BYTE]))
        return [pickle.loads(whole[low:high].data) for low, high in pairwise(starts)]

    def largest(self, numbers: Sequence[int]) -> list[int]:
        own, most = np.array(numbers, np.int64), np.empty(len(numbers), np.int64)
        self.wait(self.comm.Iallreduce(own, most, MPI.MAX))
        return [int(number) for number in most]

    def wait(self, *requests: Any) -> None:
        """Wait for requests. Raises RankError where a rank has failed meanwhile."""
        pending, is_late = list(requests), False
        start = time.perf_counter()
        try:
            while not MPI.Request.Testall(pending):
                waited = time.perf_counter() - start
                if waited > self._spin:
                    is_late = True
                    self._listen()
                    time.sleep(min(max(waited / _NAPS, NAP_SECONDS), LONGEST_NAP))
        except MPI.Exception as error:
            raise RankError(f"the connection to another rank is lost: {error}") from error
        if self._most_spin:
            self._spin = max(LEAST_SPIN, self._spin / 2) if is_late else min(self._most_spin, self._spin * 1.1)

    def leave(self, code: int, text: str, awaited: bool) -> bool:
        if self.is_first:
            self._in_order = awaited
            for rank in range(1, self.size):
                self._tell(rank, _END, (code, awaited))
            self._deliver()
            return True
        if not awaited:
            text = text.removeprefix("error: ")
            self._tell(0, _FAILED, (code, f"rank {self.rank} on {self.host}: {text}"))
        end = time.monotonic() + (math.inf if awaited else PATIENCE)
        while time.monotonic() < end:
            if self._control.Iprobe(source=0, tag=_END):
                self._hear_end()
                return False
            time.sleep(_LISTEN_SECONDS)
        return True

    def exit(self, code: int) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if self._in_order:  # all come to MPI's own end, which waits for all
            return
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDERR)  # which MPI would tell that it was called
        MPI.COMM_WORLD.Abort(code)  # the launcher ends all, and hands on the code

    def _tell(self, rank: int, tag: int, what: tuple[int, Any]) -> None:
        with suppress(MPI.Exception):  # it is gone
            self._sent.append(self._control.isend(what, rank, tag))

    def _deliver(self) -> None:
        """Wait until the messages are under way, but not long for those to ranks that may be gone."""
        end = time.monotonic() + _LOOK_SECONDS
        with suppress(MPI.Exception):
            while not MPI.Request.Testall(self._sent) and time.monotonic() < end:
                time.sleep(NAP_SECONDS)

    def _listen(self) -> None:
        """Raise RankError in the first rank where another has failed; end where the first has ended."""
        now = time.perf_counter()
        if now < self._heard_at + _LISTEN_SECONDS:
            return
        self._heard_at = now
        if self.is_first:
            if self._control.Iprobe(tag=_FAILED):
                code, text = self._control.recv(tag=_FAILED)
                raise RankError(text, code)
        elif self._control.Iprobe(source=0, tag=_END):
            raise SystemExit(self._hear_end())

    def _hear_end(self) -> int:
        """Wait for the launcher to end this process too, if the first has not come to an end that all come to.

        If another went before the first, the launcher might hand on another exit code.
        """
        code, self._in_order = self._control.recv(source=0, tag=_END)
        if not self._in_order:
            time.sleep(PATIENCE)
            os._exit(code)
        return int(code)

    def _watch_launcher(self) -> None:
        """End with the launcher, even where that was killed and could tell nobody."""
        launcher = os.getppid()

        def watch() -> None:
            while os.getppid() == launcher:
                time.sleep(_LOOK_SECONDS)
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def _affinity() -> frozenset[int]:
    return frozenset(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))


def _own_cores(places: list[tuple[str, frozenset[int]]], rank: int) -> tuple[int, float]:
    """The number of cores for a rank, and the same before it was rounded up: its part of those that several may use."""
    from utils.cores import cores

    host, own = places[rank]
    others = [cores_there for other, cores_there in places if other == host]
    part = sum(1 / sum(core in there for there in others) for core in own)
    part *= min(1.0, cores() / len(own))  # of which a container may give less
    return max(1, int(part)), part
