"""The interface of ranks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from utils.cores import cores

T = TypeVar("T")


class Ranks(ABC):
    """The processes that train together, as one of them sees them: it is number `rank` of `size`.

    All must call `from_first`, `gathered` and `largest` in the same order. The first alone reads configs and
    checkpoints, prints and writes.
    """

    rank: int
    size: int
    interrupted = False  # a signal has ended this process at once, where the others may not be about to end

    @property
    def is_first(self) -> bool:
        """True in the first."""
        return self.rank == 0

    @property
    def cores(self) -> int:
        """The cores that this process may use: its part of them where others on the machine may use the same."""
        return cores()

    @abstractmethod
    def from_first(self, make: Callable[[], T]) -> T:
        """The object that the first makes, in all of them; the others make nothing."""

    @abstractmethod
    def gathered(self, value: T) -> list[T]:
        """The values that all give, by rank."""

    @abstractmethod
    def largest(self, numbers: Sequence[int]) -> list[int]:
        """The largest that any gives, number by number."""

    @abstractmethod
    def leave(self, code: int, text: str, awaited: bool) -> bool:
        """Tell the others that this process ends with an exit code and a message; True if it is to print that.

        `awaited` says that the others come to the same end by themselves; else they end for the sake of this one.
        """

    @abstractmethod
    def exit(self, code: int) -> None:
        """Leave the process, where others must not wait for it in vain."""


class Alone(Ranks):
    """A process that trains alone."""

    rank = 0
    size = 1

    def from_first(self, make: Callable[[], T]) -> T:
        return make()

    def gathered(self, value: T) -> list[T]:
        return [value]

    def largest(self, numbers: Sequence[int]) -> list[int]:
        return list(numbers)

    def leave(self, code: int, text: str, awaited: bool) -> bool:
        return True

    def exit(self, code: int) -> None:
        """Nobody waits: the interpreter ends as usual."""
