"""The interface of workers, which run the tasks of a step in parallel."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from utils.cores import cores

MOST_SPIN = 2e-3  # seconds: longer than what lies between two steps of a small network
LEAST_SPIN = 5e-5


class Workers(ABC):
    """`count` workers, including the calling process.

    A waiting worker spins for a short time before it sleeps: waking a sleeping one takes tens of microseconds, twice a
    phase, which is a tenth of a small network's step. Where other programs use the machine too, the worker that it
    waits for may need the core. So the time is halved when it was too short, and grows slowly when it was not.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._spin = MOST_SPIN if count <= cores() else 0.0

    def _has_waited(self, is_late: bool) -> None:
        """Adapt the time to spin to a wait that outlasted it (`is_late`), or did not."""
        if self._spin:
            self._spin = max(LEAST_SPIN, self._spin / 2) if is_late else min(MOST_SPIN, self._spin * 1.1)

    @abstractmethod
    def parallel_region(self, purpose: str) -> AbstractContextManager[bool]:
        """Context manager: every worker process runs its body (SPMD). Yields True in the leader, False in the others.

        The processes are forked at the beginning and end with the body, so each knows the next task without messages.
        The body must make the same calls of `run` in all of them. Only the leader's changes last, but for arrays made
        by `shared_zeros`, which all share; so only the leader records, prints and saves. Threads need no copies: with
        them the body is run once, by the leader.

        `purpose` is any name for the place in the code: where the body was too short for forking to be worth it, the
        next regions of that name have one process.
        """

    @abstractmethod
    def run(self, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        """Call the function for each task, in any order and on any worker; return when all are done.

        Of errors that tasks raise, one is raised again here.
        """

    @property
    @abstractmethod
    def is_leader(self) -> bool:
        """True in the leader, and outside of parallel regions."""

    @abstractmethod
    def close(self) -> None:
        """End the workers."""
