"""Blocks of samples as files hold them, before any network's preprocessing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from base.types import Array

Names = tuple[list[str], Sequence[object]]  # a file and a row for each sample


@dataclass(frozen=True)
class ImageBlock:
    """Image files, a sample each, with their names as they were given."""

    paths: Sequence[Path]
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def where(self) -> str:
        """The words for what is not right with all of them."""
        return self.names[0]

    def names_of(self, samples: Sequence[int]) -> Names:
        """The files of samples, and no rows in them."""
        return [self.names[at] for at in samples], [""] * len(samples)


@dataclass(frozen=True)
class ArrayBlock:
    """Samples (N, ...) of a file's array, of which the first is number `start`."""

    path: str
    where: str
    start: int
    inputs: Array

    def __len__(self) -> int:
        return len(self.inputs)

    def names_of(self, samples: Sequence[int]) -> Names:
        """The file and the samples' indices in it, from 0."""
        return [self.path] * len(samples), [self.start + at for at in samples]


@dataclass(frozen=True)
class TableBlock:
    """Rows of a table as texts, column by column, and the number of each, which is that of its line in a file.

    `names` are those of the columns, which are numbers from 0 on where `has_header` is false.
    """

    path: str
    names: Sequence[str]
    has_header: bool
    decimal: str
    lines: Sequence[int]
    columns: Sequence[Sequence[str]]
    unit: Literal["line", "row"] = "line"

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def where(self) -> str:
        """The words for what is not right with all of them."""
        return self.path

    def names_of(self, samples: Sequence[int]) -> Names:
        """The file and the samples' lines in it, from 1."""
        return [self.path] * len(samples), [self.lines[at] for at in samples]


Block = ImageBlock | ArrayBlock | TableBlock
