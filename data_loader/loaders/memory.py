"""Arrays that a Python program has in memory."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from base.constraints import Fraction, Pattern, PositiveInt
from base.errors import DataError
from base.types import Array
from data_loader.arrays import ArrayDataLoader, Arrays

Parts = Mapping[str, tuple[Array, Array]]  # inputs and targets of "training", "validation" and "test" data
_HELD: dict[str, Parts] = {}


@dataclass(kw_only=True, eq=False)
class MemoryDataLoader(ArrayDataLoader):
    """Arrays in the memory of the program that trains, given to `trainer.fit.fit`; no other program can read them.

    arrays: the digest of the arrays; `fit` writes it.
    """

    arrays: Annotated[str, Pattern("[0-9a-f]{16}", "a digest, which trainer.fit.fit writes")]
    test_split: Fraction | PositiveInt = 0.0

    def training_arrays(self) -> Arrays:
        return self._part("training")

    def validation_arrays(self) -> Arrays | None:
        return self._part("validation") if "validation" in self._held else None

    def test_arrays(self) -> Arrays | None:
        return self._part("test") if "test" in self._held else None

    @property
    def _held(self) -> Parts:
        if self.arrays not in _HELD and _HELD:
            raise DataError(
                "the arrays that are given are not those that the run was trained on: give those again, or to go on "
                "with others the config too, as in fit(config, resume=..., training=(x, y))"
            )
        if self.arrays not in _HELD:
            raise DataError(
                "the samples were arrays in the memory of another program: give them again, as in "
                "fit(resume=..., training=(x, y)), or a config with data in files with -c"
            )
        return _HELD[self.arrays]

    def _part(self, name: str) -> Arrays:
        inputs, targets = self._held[name]
        return Arrays(inputs, targets, f"{name}[0]", f"{name}[1]")


@contextmanager
def arrays_in_memory(parts: Parts) -> Iterator[str]:
    """Context manager: a MemoryDataLoader of this digest reads these arrays."""
    digest = _digest(parts)
    _HELD[digest] = parts
    try:
        yield digest
    finally:
        _HELD.pop(digest, None)


def _digest(parts: Parts) -> str:
    digest = hashlib.sha256()
    for name, arrays in sorted(parts.items()):
        for array in arrays:
            digest.update(f"{name} {array.shape} {array.dtype}".encode())
            digest.update(str(array.tolist()).encode() if array.dtype.hasobject else np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]
