"""The interface of workers, which run the tasks of a step in parallel."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from base.types import Array
from utils.cores import cores

T = TypeVar("T")

MOST_SPIN = 2e-3  # seconds: longer than what lies between two steps of a small network
LEAST_SPIN = 5e-5


class Workers(ABC):
    """`count` workers, including the calling process.

    Most share the memory of what their tasks write, and then the methods from `together` on have nothing to do. Those
    of several ranks (trainer/workers/mpi.py) do not: within `together`, each rank does its part of the tasks, and what
    these have written is handed on where others need it.

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

    @property
    def keeps_state(self) -> bool:
        """True where changes of a parallel region last: in the leader, and in the first process of each rank."""
        return self.is_leader

    def together(self) -> AbstractContextManager[None]:
        """Context manager: all ranks run its body, and share the tasks in it. Elsewhere each does all by itself."""
        return nullcontext()

    def mine(self, tasks: Sequence[T]) -> Sequence[T]:
        """The tasks, of those given, that this rank does."""
        return tasks

    def run_in_each(self, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        """As `run`, but each rank does all the tasks, on memory of its own."""
        self.run(function, tasks)

    def share(self, *written: Sequence[Array]) -> None:  # noqa: B027 - see the class
        """Hand on what the tasks of a run wrote: the i-th array of each sequence is by the i-th task."""

    def collect(self, written: Sequence[Array]) -> None:  # noqa: B027 - see the class
        """The same for the leader alone."""

    def share_pieces(self, vector: Array, pieces: Sequence[slice]) -> None:  # noqa: B027 - see the class
        """As `share`, where the i-th task wrote the i-th piece of a vector; they lie one behind the other."""

    def exchange(self, vectors: Sequence[Array], pieces: Sequence[slice]) -> Sequence[Array]:
        """Vectors whose tree sum is that of all `vectors`, the i-th of which is by the i-th task of a run.

        They have all numbers in the pieces that are tasks of this rank; both may be overwritten later.
        """
        return vectors

    def own(self, pieces: Sequence[slice]) -> slice | None:
        """The part of a vector whose pieces are tasks of this rank; None where there are no ranks."""
        return None

    def gather(self, vector: Array, part: Array, pieces: Sequence[slice]) -> bool:
        """Put every rank's own part of a vector into one of the leader; False in ranks that have not got that."""
        return True

    def largest(self, *numbers: int) -> Sequence[int]:
        """The largest that any rank gives, number by number. All ranks must ask."""
        return numbers

    def leaders(self, make: Callable[[], T]) -> T:
        """The object that the leader makes, in all ranks. All must ask."""
        return make()
