"""The figures of every step."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from base.types import Array
from utils.files import make_folder, writing

FIGURES = ("step", "loss", "lr", "grad_norm")
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
            self.flush()

    def flush(self) -> None:
        """Write what waits; when this returns, it is safe on disk."""
        if not self._waiting:
            return
        self._write("ab", self._text(self._waiting))
        self._waiting = []

    def cut(self, steps: int) -> None:
        """Drop what comes after so many steps."""
        if not self.is_kept:
            return
        self._waiting = []
        header = (",".join(self._columns) + "\n").encode()
        kept = [header]
        for line in _lines(self.path, header):
            if not _is_before(line, steps):
                break
            kept.append(line)
        self._write("wb", b"".join(kept))

    def _text(self, rows: Sequence[Mapping[str, float]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([_cell(row.get(name, math.nan)) for name in self._columns] for row in rows)
        return text.getvalue().encode()

    def _write(self, mode: str, content: bytes) -> None:
        with writing(self.path), self.path.open(mode) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def read_steps(path: Path) -> dict[str, Array]:
    """The columns of a steps.csv as float64 arrays, nan where a step has no such figure; none without rows."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        names = file.readline().decode("utf-8", "replace").rstrip("\n").split(",")
        table = np.fromiter(_numbers(file, len(names)), np.float64).reshape(-1, len(names))
    return dict(zip(names, table.T, strict=True)) if len(table) else {}


class StepReader:
    """Reads a steps.csv that grows, each row once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def up_to(self, step: int) -> Iterator[dict[str, float]]:
        """The rows of at most so many steps that were not read before; later ones may yet be dropped."""
        with self._path.open("rb") as file:
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


def _lines(path: Path, header: bytes) -> list[bytes]:
    """The rows of a file whose columns are these; a crash can leave half a line at the end."""
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [line for line in lines[1:] if line.endswith(b"\n")] if lines and lines[0] == header else []


def _is_before(line: bytes, steps: int) -> bool:
    number = line.partition(b",")[0]
    return number.isdigit() and int(number) <= steps


def _cell(value: float) -> str | int:
    return value if isinstance(value, int) else "" if math.isnan(value) else f"{value:.9g}"
