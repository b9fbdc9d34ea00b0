"""What all ways to run tasks at the same time have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

SPIN_SECONDS = 1e-4  # a wait that is longer than this is longer than waking up takes


class Workers(ABC):
    """So many of them, the caller included.

    A worker that waits stays awake for a moment before it sleeps: waking one that sleeps costs tens of microseconds,
    twice a phase, which is a tenth of a small network's step. Only for a moment: on a machine where others work too,
    the one that it waits for may need the core.
    """

    def __init__(self, count: int) -> None:
        self.count = count

    @abstractmethod
    def team(self, purpose: str) -> AbstractContextManager[bool]:
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
    def leading(self) -> bool:
        """Whether this is the process that leads the team, or there is no team."""

    @abstractmethod
    def close(self) -> None:
        """End the workers."""
