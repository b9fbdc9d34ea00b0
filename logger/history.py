"""The figures of every epoch, on disk from the moment they are known."""

import csv
import json
import logging
import math
import os
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Literal

from base.base_trainer import Record
from logger.figures import finite_or_none
from utils.files import make_folder, open_plain, opened, whole_lines, writing

LOG = logging.getLogger(__name__)


class History:
    """`metrics.jsonl`, a line an epoch, and beside it the same as a table, `metrics.csv`.

    Opened with `lines`, it goes on after the first so many lines and drops the rest: those are epochs after the
    checkpoint that a run continues from. Figures that are not finite are null in the one file, empty in the other and
    nan in `records`, so that a history looks the same whether or not the run was continued. Raises WriteError.
    """

    def __init__(self, folder: Path, lines: int = 0) -> None:
        self.path = folder / "metrics.jsonl"
        self.table = folder / "metrics.csv"
        make_folder(folder)
        self._waiting: list[Record] = []
        self.records = self._cut(lines)
        self._columns = list(dict.fromkeys(name for record in self.records for name in record))
        self._write_table()

    @property
    def lines(self) -> int:
        """The number of epochs that it holds; a checkpoint keeps this number."""
        return len(self.records)

    def append(self, record: Record) -> None:
        """Add an epoch, which waits in memory until `flush`."""
        record = {name: value if isinstance(value, int) else float(value) for name, value in record.items()}
        self._waiting.append(record)
        self.records.append({name: value if math.isfinite(value) else math.nan for name, value in record.items()})

    def flush(self) -> None:
        """Write what waits to both files; when this returns, the lines are safe on disk."""
        if not self._waiting:
            return
        lines = [json.dumps(finite_or_none(record), allow_nan=False) + "\n" for record in self._waiting]
        content = "".join(lines).encode()
        with opened(self.path, "ab") as file:
            file.truncate(self._length)  # of what a full disk cut short before
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # the checkpoint that counts these lines may be on disk before them otherwise
        self._length += len(content)
        waiting, self._waiting = self._waiting, []
        self._extend_table(waiting)

    def _cut(self, lines: int) -> list[Record]:
        with writing(self.path):
            kept = list(islice(_whole_records(self.path), lines))
        if len(kept) < lines:
            LOG.warning("%s should hold %d epochs, has %d; the history goes on from those", self.path, lines, len(kept))
        self._length = sum(length for _, length in kept)
        with opened(self.path, "ab") as file:
            file.truncate(self._length)
        return [record for record, _ in kept]

    def _extend_table(self, records: list[Record]) -> None:
        columns = list(dict.fromkeys([*self._columns, *(name for record in records for name in record)]))
        if columns != self._columns:
            self._columns = columns
            self._write_table()
        else:
            self._write_rows("ab", records)

    def _write_table(self) -> None:
        self._write_rows("wb", self.records)

    def _write_rows(self, mode: Literal["wb", "ab"], records: list[Record]) -> None:
        with opened(self.table, mode) as binary, TextIOWrapper(binary, encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self._columns, restval="", lineterminator="\n")
            if mode == "wb" and self._columns:
                writer.writeheader()
            writer.writerows(map(finite_or_none, records))


def read_records(path: Path) -> list[Record]:
    """The epochs in a metrics.jsonl; none where there is no such file."""
    try:
        return [record for record, _ in _whole_records(path)]
    except OSError:
        return []


def _whole_records(path: Path) -> Iterator[tuple[Record, int]]:
    """The epochs up to the first line that is none, each with the length of its line. Raises OSError."""
    try:
        with open_plain(path) as file:
            for line in whole_lines(file):
                record = _parse(line)
                if record is None:
                    return
                yield record, len(line)
    except FileNotFoundError:
        return


def _parse(line: bytes) -> Record | None:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, dict) or not isinstance(held.get("epoch"), int):
        return None
    if not all(value is None or _is_number(value) for value in held.values()):
        return None
    return {name: math.nan if value is None else value for name, value in held.items()}


def _is_number(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) <= sys.float_info.max
    return isinstance(value, float)
