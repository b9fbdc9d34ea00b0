"""Reading of samples before they are needed, from files that are larger than memory."""

import mmap
from collections.abc import Callable, Sequence
from typing import Self

import numpy as np

from base.dataset import Dataset
from base.types import Array
from data_loader.batch_order import BatchOrder

STEPS = 8  # that the system is asked ahead for: several reads at once keep a disk busy


class ReadAhead:
    """Tells the system which samples of a memory-mapped file the next steps need, so that no step waits for the disk.

    Nothing is read by this process, and no thread is needed: the system fetches what it is asked for meanwhile, and
    within the context (`with ahead:`) nothing else, where it would read on from each sample to the next ones.
    `own(count)` are the parts of a batch of so many samples that this process reads. Where data are in memory, or the
    system cannot be asked, there is nothing to do.
    """

    def __init__(self, data: Dataset, order: BatchOrder, own: Callable[[int], Sequence[slice]]) -> None:
        self._data = data
        self._order = order
        self._own = own
        self._asked = -1  # the last step that was asked for
        self._file = _mapping(data.inputs) if isinstance(data.inputs, np.memmap) else None
        if self._file is None or not hasattr(mmap, "MADV_WILLNEED") or data.inputs.strides[0] < data.inputs[:1].nbytes:
            self._file = None
            return
        self._begin = _address(data.inputs) - _address(np.frombuffer(self._file, np.uint8, 1))

    def __enter__(self) -> Self:
        if self._file is not None:
            self._file.madvise(mmap.MADV_RANDOM)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.madvise(mmap.MADV_NORMAL)

    def before(self, step: int) -> None:
        """Ask for what is needed in this step and the ones after it, as far as its pass over the data goes."""
        if self._file is None:
            return
        end = step - step % self._order.batches_per_pass + self._order.batches_per_pass
        first = self._asked + 1 if step <= self._asked <= step + STEPS else step
        for later in range(first, min(step + 1 + STEPS, end)):
            self._ask(self._file, later)
            self._asked = later

    def _ask(self, file: mmap.mmap, step: int) -> None:
        samples = self._order.batch(step)
        size = self._data.inputs.strides[0]
        for part in self._own(len(samples)):
            for row in self._data.rows[samples[part]].tolist():
                start = self._begin + row * size
                page = start - start % mmap.PAGESIZE
                file.madvise(mmap.MADV_WILLNEED, page, start + size - page)


def _mapping(array: Array) -> mmap.mmap | None:
    """The mapping that an array lies in."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mmap.mmap) else None


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address
