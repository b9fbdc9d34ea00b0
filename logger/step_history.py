"""The figures of every step."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import numpy as np

from base.types import Array
from utils.files import make_folder, open_plain, opened, whole_lines, writing

FIGURES = ("step", "loss", "lr", "grad_norm")
_LONGEST_HEADER = 2**20  # bytes
_MOST_STEPS = 2**48
_MOST_WAITING = 4096  # rows, a fraction of a megabyte


class StepHistory:
    """`steps.csv`: `step` (how many are done), `loss` of its batch, `lr`, `grad_norm`, and what else `columns` name.

    Rows wait in memory until `flush`, which is to be called before a checkpoint that they belong to is written. Opened
    with `steps`, it goes on after that many steps and drops later rows. Figures that are not there are empty. Without a
    folder nothing is kept. Raises WriteError.
    """

    def __init__(self, folder: Path | None, columns: Sequence[str] = (), steps: int = 0) -> None:
        self.is_kept = folder is not None
        self._waiting: list[Mapping[str, float]] = []
        self._is_safe = True
        if folder is None:
            return
        self.path = folder / "steps.csv"
        self._columns = (*FIGURES, *columns)
        make_folder(folder)
        self.cut(steps)

    def append(self, row: Mapping[str, float]) -> None:
        """Add a step."""
        if not self.is_kept:
            return
        self._waiting.append(row)
        if len(self._waiting) == _MOST_WAITING:
            self.write()

    def write(self) -> None:
        """Write what waits, for readers of the file; a kill does not lose it, the machine may."""
        if self._waiting:
            content = self._text(self._waiting)
            with opened(self.path, "ab") as file:
                file.truncate(self._length)  # of what a full disk cut short before
                file.write(content)
            self._length += len(content)
            self._waiting, self._is_safe = [], False

    def flush(self) -> None:
        """Write what waits; when this returns, all is safe on disk."""
        self.write()
        if not self._is_safe:
            with opened(self.path, "ab") as file:
                os.fsync(file.fileno())
            self._is_safe = True

    def cut(self, steps: int) -> None:
        """Drop what comes after so many steps."""
        if not self.is_kept:
            return
        self.write()  # earlier steps may be among those that wait
        self._is_safe = False
        header = (",".join(self._columns) + "\n").encode()
        kept = self._kept(header, steps)
        with opened(self.path, "ab") as file:
            file.truncate(kept)
            file.write(b"" if kept else header)
        self._length = kept or len(header)

    def _kept(self, header: bytes, steps: int) -> int:
        """The bytes of the file up to so many steps; 0 where its columns are not these."""
        with writing(self.path), suppress(FileNotFoundError), open_plain(self.path) as file:
            lines = whole_lines(file)
            if next(lines, b"") == header:
                return len(header) + sum(map(len, takewhile(lambda line: _is_before(line, steps), lines)))
        return 0

    def _text(self, rows: Sequence[Mapping[str, float]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([_cell(row.get(name, math.nan)) for name in self._columns] for row in rows)
        return text.getvalue().encode()


def read_steps(path: Path) -> dict[str, Array]:
    """The columns of a steps.csv as float64 arrays, nan where a step has no such figure; none without rows."""
    try:
        with open_plain(path) as file:
            names = file.readline(_LONGEST_HEADER).decode("utf-8", "replace").rstrip("\n").split(",")
            if tuple(names[: len(FIGURES)]) != FIGURES:
                return {}
            table = np.fromiter(_numbers(whole_lines(file), len(names)), np.float64).reshape(-1, len(names))
    except OSError:
        return {}
    table = table[(table[:, 0] >= 0) & (table[:, 0] < _MOST_STEPS)]
    return dict(zip(names, table.T, strict=True)) if len(table) else {}


class StepReader:
    """Reads a steps.csv that grows, each row once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def up_to(self, step: int) -> Iterator[dict[str, float]]:
        """The rows of at most so many steps that were not read before; later ones may yet be dropped."""
        with open_plain(self._path) as file:
            names = file.readline().decode().rstrip("\n").split(",")
            self._offset = max(self._offset, file.tell())
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n") or not _is_before(line, step):
                    break
                self._offset += len(line)
                cells = line.decode().rstrip("\n").split(",")
                yield {name: float(cell) for name, cell in zip(names, cells, strict=True) if cell}


def _numbers(lines: Iterable[bytes], columns: int) -> Iterator[float]:
    """The numbers of all rows that are whole, one after the other; as lists, a long run would take a gigabyte."""
    for line in lines:
        cells = line.rstrip(b"\n").split(b",")
        if len(cells) == columns:
            with suppress(ValueError):
                yield from [float(cell) if cell else math.nan for cell in cells]


def _is_before(line: bytes, steps: int) -> bool:
    number = line.partition(b",")[0]
    return number.isdigit() and int(number) <= steps


def _cell(value: float) -> str | int:
    return value if isinstance(value, int) else "" if math.isnan(value) else f"{value:.9g}"
