"""Data in memory that the ranks on one machine have in common."""

from __future__ import annotations

import os
import platform
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from base.dataset import Dataset
from base.types import Array
from trainer.experiment import Experiment
from utils.ranks.current import current

LEAST_BYTES = 2**16


def with_shared_data(experiment: Experiment) -> Experiment:
    """The same experiment, whose inputs are held once on each machine, by all of its ranks.

    The first rank of a machine writes them into a file, all map it, and it is removed at once: what is mapped stays.
    Where there is no room for it, or it cannot be seen, each keeps its own.
    """
    if current().size == 1:
        return experiment
    parts = {name: getattr(experiment, name) for name in ("training", "validation", "test")}
    known: dict[int, Array] = {}
    for data in parts.values():
        if data is not None and id(data.inputs) not in known:
            known[id(data.inputs)] = _shared(data)
    changed = {name: replace(data, inputs=known[id(data.inputs)]) for name, data in parts.items() if data is not None}
    return replace(experiment, **changed)


def _shared(data: Dataset) -> Array:
    """The inputs, mapped from a file that the first rank of this machine makes."""
    ranks, host, inputs = current(), platform.node(), data.inputs
    if isinstance(inputs, np.memmap) or inputs.nbytes < LEAST_BYTES:
        return inputs  # the system holds a mapped file once as it is
    hosts = ranks.gathered(host)
    is_one_of_several, leads = hosts.count(host) > 1, hosts.index(host) == ranks.rank
    path = _written(inputs) if is_one_of_several and leads else None
    path = ranks.gathered(path)[hosts.index(host)]
    mapped: Array = inputs
    if path is not None:
        with suppress(OSError, ValueError):  # another container of the same name
            mapped = np.load(path, mmap_mode="r").view(np.ndarray)
    ranks.gathered(None)  # all have opened it
    if path is not None and leads:
        path.unlink()
    return mapped


def _written(array: Array) -> Path | None:
    """A file with the array; None where there is no room."""
    handle, name = tempfile.mkstemp(suffix=".npy")
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, array)
    except OSError:
        Path(name).unlink()
        return None
    return Path(name)
