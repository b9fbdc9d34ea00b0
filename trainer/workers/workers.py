"""The interface of all workers."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from utils.cores import cores

MOST_SPIN = 2e-3  # seconds: longer than what lies between two steps of a small network
LEAST_SPIN = 5e-5


class Workers(ABC):
    """`count` workers, including the calling process.

    A worker that waits stays awake for a moment before it sleeps: waking one that sleeps costs tens of microseconds,
    twice a phase, which is a tenth of a small network's step. On a machine where others work too, the one that it
    waits for may need the core. So the moment shrinks by half when it was too short, and grows slowly when it was not.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._spin = MOST_SPIN if count <= cores() else 0.0

    def _has_waited(self, is_late: bool) -> None:
        """Learn from a wait that went on after its moment awake, or did not."""
        if self._spin:
            self._spin = max(LEAST_SPIN, self._spin / 2) if is_late else min(MOST_SPIN, self._spin * 1.1)

    @abstractmethod
    def parallel_region(self, purpose: str) -> AbstractContextManager[bool]:
        """A time in which `run` is fast. Gives whether this is the process that leads.

        The purpose, any word, tells apart the places that form teams, as forming one may not be worth it for each.

        With processes, a body inside is run by every one of them, so that each knows what the next task is without
        being told. The body must therefore do the same in all but for what only the leader does, such as to print, and
        must change nothing that matters outside `run` but arrays made by `shared_zeros`. The others end where the body
        ends, or as soon as the leader has left it.
        """

    @abstractmethod
    def run(self, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        """Call the function for each task, in any order and on any worker; return when all are done.

        Of errors that tasks raise, one is raised again here.
        """

    @property
    @abstractmethod
    def is_leader(self) -> bool:
        """True in the leader, and where no workers are started."""

    @abstractmethod
    def close(self) -> None:
        """End the workers."""
