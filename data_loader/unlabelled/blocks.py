"""Blocks of samples as files hold them, before any network's preprocessing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from base.types import Array


@dataclass(frozen=True)
class ImageBlock:
    """Image files, a sample each, with their names as they were given."""

    paths: Sequence[Path]
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.paths)

    def name(self, sample: int) -> tuple[str, str]:
        """The file and the row in it, which is none."""
        return self.names[sample], ""


@dataclass(frozen=True)
class ArrayBlock:
    """Samples (N, ...) of a file's array, of which the first is number `start`."""

    path: str
    where: str
    start: int
    inputs: Array

    def __len__(self) -> int:
        return len(self.inputs)

    def name(self, sample: int) -> tuple[str, str]:
        """The file and the index in it, from 0."""
        return self.path, str(self.start + sample)


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

    def name(self, sample: int) -> tuple[str, str]:
        """The file and the line in it, from 1."""
        return self.path, str(self.lines[sample])


Block = ImageBlock | ArrayBlock | TableBlock
