"""Workers of several ranks: in each of them threads, and messages between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from mpi4py import MPI

from base.types import Array
from ops.tree_sum import split_point
from trainer.workers.threads import Threads
from trainer.workers.workers import T, Workers
from utils.ranks.current import current
from utils.ranks.mpi import MpiRanks


@dataclass(frozen=True)
class Subtree:
    """The sum of the terms from `first` up to `last`, and the rank that adds them."""

    first: int
    last: int
    rank: int


class MpiWorkers(Workers):
    """The threads of this rank; within `together`, one of the groups of threads that share the tasks.

    Of any n tasks a rank does those of one range, `tasks_of`; so where tasks are shards, it has whole subtrees of the
    tree in which their results are added, and where they are pieces of a vector, one part of that.
    """

    def __init__(self, count: int) -> None:
        super().__init__(count)
        ranks = current()
        assert isinstance(ranks, MpiRanks)
        ranks.occupy(count)
        self._ranks = ranks
        self._comm = ranks.comm
        self._threads = Threads(count)
        self._is_together = False
        self._received: dict[Subtree, Array] = {}

    @property
    def is_leader(self) -> bool:
        return self._ranks.is_first or not self._is_together

    @property
    def keeps_state(self) -> bool:
        return True

    @contextmanager
    def parallel_region(self, purpose: str) -> Iterator[bool]:
        yield self.is_leader

    @contextmanager
    def together(self) -> Iterator[None]:
        before, self._is_together = self._is_together, True
        try:
            yield
        finally:
            self._is_together = before

    def run(self, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        self._threads.run(function, self.mine(tuple(tasks)))

    def mine(self, tasks: Sequence[T]) -> Sequence[T]:
        return tasks[self.tasks_of(self._ranks.rank, len(tasks))] if self._is_together else tasks

    def run_in_each(self, function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        self._threads.run(function, tasks)

    def close(self) -> None:
        self._threads.close()

    def tasks_of(self, rank: int, count: int) -> slice:
        """The range of so many tasks that a rank does."""
        return slice(count * rank // self._ranks.size, count * (rank + 1) // self._ranks.size)

    def share(self, *written: Sequence[Array]) -> None:
        if self._is_together:
            self._send_packed(written, to_all=True)

    def collect(self, written: Sequence[Array]) -> None:
        if self._is_together:
            self._send_packed([written], to_all=False)

    def share_pieces(self, vector: Array, pieces: Sequence[slice]) -> None:
        if self._is_together:
            starts, counts = self._layout(pieces)
            kind = MPI._typedict[vector.dtype.char]
            self._ranks.wait(self._comm.Iallgatherv(MPI.IN_PLACE, [vector, counts, starts, kind]))

    def exchange(self, vectors: Sequence[Array], pieces: Sequence[slice]) -> Sequence[Array]:
        if not self._is_together:
            return vectors
        rank, subtrees = self._ranks.rank, self._subtrees(0, len(vectors), len(vectors))
        mine = [vectors[one.first : one.last] for one in subtrees if one.rank == rank]
        self._add(mine, pieces)
        terms = [vectors[one.first] if one.rank == rank else self._room(one, vectors[0]) for one in subtrees]
        parts = [_hull(pieces[self.tasks_of(other, len(pieces))]) for other in range(self._ranks.size)]
        requests = []
        for number, (one, term) in enumerate(zip(subtrees, terms, strict=True)):
            if one.rank != rank:
                requests.append(self._comm.Irecv(term[parts[rank]], one.rank, number))
                continue
            requests += [
                self._comm.Isend(term[part], other, number) for other, part in enumerate(parts) if other != rank
            ]
        self._ranks.wait(*requests)
        return self._as_plain_tree(subtrees, terms, pieces)

    def own(self, pieces: Sequence[slice]) -> slice | None:
        return _hull(pieces[self.tasks_of(self._ranks.rank, len(pieces))])

    def gather(self, vector: Array, part: Array, pieces: Sequence[slice]) -> bool:
        starts, counts = self._layout(pieces)
        received = [vector, counts, starts, MPI._typedict[vector.dtype.char]] if self._ranks.is_first else None
        self._ranks.wait(self._comm.Igatherv(part, received))
        return self._ranks.is_first

    def largest(self, *numbers: int) -> Sequence[int]:
        return self._ranks.largest(numbers)

    def leaders(self, make: Callable[[], T]) -> T:
        return self._ranks.from_first(make)

    def _layout(self, pieces: Sequence[slice]) -> tuple[list[int], list[int]]:
        """The start of each rank's part of a vector, and its length."""
        parts = [_hull(pieces[self.tasks_of(rank, len(pieces))]) for rank in range(self._ranks.size)]
        return [part.start for part in parts], [part.stop - part.start for part in parts]

    def _send_packed(self, written: Sequence[Sequence[Array]], to_all: bool) -> None:
        """Each rank's arrays in one message."""
        theirs = [
            [array for arrays in written for array in arrays[self.tasks_of(rank, len(arrays))]]
            for rank in range(self._ranks.size)
        ]
        own = _packed(theirs[self._ranks.rank])
        counts = [sum(array.nbytes for array in arrays) for arrays in theirs]
        starts = [sum(counts[:rank]) for rank in range(self._ranks.size)]
        takes = to_all or self._ranks.is_first
        whole = np.empty(sum(counts), np.uint8) if takes else None
        received = [whole, counts, starts, MPI.BYTE] if takes else None
        self._ranks.wait(self._comm.Iallgatherv(own, received) if to_all else self._comm.Igatherv(own, received))
        if whole is None:
            return
        for rank, arrays in enumerate(theirs):
            if rank != self._ranks.rank:
                _unpack(whole[starts[rank] :], arrays)

    def _subtrees(self, first: int, last: int, count: int) -> list[Subtree]:
        """The largest subtrees of the terms from `first` up to `last`, of `count`, that are a single rank's."""
        for rank in range(self._ranks.size):
            own = self.tasks_of(rank, count)
            if own.start <= first and last <= own.stop:
                return [Subtree(first, last, rank)]
        middle = first + split_point(last - first)
        return [*self._subtrees(first, middle, count), *self._subtrees(middle, last, count)]

    def _add(self, groups: Sequence[Sequence[Array]], pieces: Sequence[slice]) -> None:
        """Add the vectors of each group in the tree's order, over its first one, in these pieces."""
        tasks = [(group, piece) for group in groups if len(group) > 1 for piece in pieces]
        self._threads.run(lambda task: _add_up([vector[task[1]] for vector in task[0]]), tasks)

    def _room(self, subtree: Subtree, like: Array) -> Array:
        """A vector to receive into; the system gives memory for this rank's part alone, as no more is touched."""
        if subtree not in self._received:
            self._received[subtree] = np.zeros(like.shape, like.dtype)
        return self._received[subtree]

    def _as_plain_tree(
        self, subtrees: Sequence[Subtree], terms: Sequence[Array], pieces: Sequence[slice]
    ) -> Sequence[Array]:
        """Terms whose tree, by their number alone, is that of the subtrees."""
        count = subtrees[-1].last
        if _shape_of(subtrees, 0, count) == _plain_shape(len(terms)):
            return terms
        middle, own = split_point(count), pieces[self.tasks_of(self._ranks.rank, len(pieces))]
        border = next(number for number, one in enumerate(subtrees) if one.first == middle)
        left = self._as_plain_tree(subtrees[:border], terms[:border], pieces)
        shifted = [Subtree(one.first - middle, one.last - middle, one.rank) for one in subtrees[border:]]
        right = self._as_plain_tree(shifted, terms[border:], pieces)
        self._add([left, right], own)
        return [left[0], right[0]]


def _hull(pieces: Sequence[slice]) -> slice:
    """The range that pieces one behind the other take."""
    return slice(pieces[0].start, pieces[-1].stop) if pieces else slice(0, 0)


def _add_up(terms: Sequence[Array]) -> None:
    """Write the terms' tree sum over the first."""
    if len(terms) == 1:
        return
    middle = split_point(len(terms))
    _add_up(terms[:middle])
    _add_up(terms[middle:])
    terms[0][...] += terms[middle]


def _shape_of(subtrees: Sequence[Subtree], first: int, last: int) -> object:
    """The tree above subtrees as nested pairs."""
    if any(one.first <= first and last <= one.last for one in subtrees):
        return ()
    middle = first + split_point(last - first)
    return _shape_of(subtrees, first, middle), _shape_of(subtrees, middle, last)


def _plain_shape(count: int) -> object:
    """The tree of so many terms as nested pairs."""
    if count == 1:
        return ()
    middle = split_point(count)
    return _plain_shape(middle), _plain_shape(count - middle)


def _packed(arrays: Sequence[Array]) -> Array:
    """The bytes of arrays, one behind the other."""
    return np.frombuffer(b"".join(array.tobytes() for array in arrays), np.uint8)


def _unpack(content: Array, arrays: Sequence[Array]) -> None:
    start = 0
    for array in arrays:
        array[...] = content[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
        start += array.nbytes
