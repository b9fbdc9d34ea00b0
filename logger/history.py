"""The figures of every epoch, on disk from the moment they are known."""

import csv
import json
import logging
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import TextIOWrapper
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Any, Literal

from base.base_trainer import Record
from utils.files import make_folder, open_plain, opened, whole_lines, writing

LOG = logging.getLogger(__name__)

_MOST_EPOCHS = 2**48


class History:
    """`metrics.jsonl`, a line an epoch, and beside it the same as a table, `metrics.csv`; without a folder, `records`.

    Opened with `lines`, it goes on after the first so many lines and drops the rest: those are epochs after the
    checkpoint that a run continues from. Figures that are not finite are null in the one file, empty in the other and
    nan in `records`, so that a history looks the same whether or not the run was continued. Raises WriteError.
    """

    def __init__(self, folder: Path | None, lines: int = 0) -> None:
        self.records: list[Record] = []
        self._waiting: list[Record] = []
        self.in_memory = folder is None
        if folder is None:
            return
        self.path = folder / "metrics.jsonl"
        self.table = folder / "metrics.csv"
        make_folder(folder)
        self.records = self._cut(lines)
        self._columns = list(dict.fromkeys(name for record in self.records for name in record))
        self._write_table()

    @property
    def lines(self) -> int:
        """The number of epochs that it holds; a checkpoint keeps this number."""
        return len(self.records)

    def append(self, record: Record) -> None:
        """Add an epoch, which waits in memory until `flush`."""
        record = {name: int(value) if isinstance(value, int) else float(value) for name, value in record.items()}
        if self.in_memory:
            self.records.append(record)
            return
        self._waiting.append(record)
        self.records.append({name: value if math.isfinite(value) else math.nan for name, value in record.items()})

    def flush(self) -> None:
        """Write what waits to both files; when this returns, the lines are safe on disk."""
        if not self._waiting:
            return
        rows = list(map(_texts, self._waiting))
        content = "".join(map(_object, rows)).encode()
        with opened(self.path, "ab") as file:
            file.truncate(self._length)  # of what a full disk cut short before
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # the checkpoint that counts these lines may be on disk before them otherwise
        self._length += len(content)
        self._waiting = []
        self._extend_table(rows)

    def _cut(self, lines: int) -> list[Record]:
        with writing(self.path):
            whole = takewhile(lambda one: all(map(_is_number, one[0].values())), _objects(self.path))
            kept = list(islice(whole, lines))
        if len(kept) < lines:
            LOG.warning("%s should hold %d epochs, has %d; the history goes on from those", self.path, lines, len(kept))
        self._length = sum(length for _, length in kept)
        with opened(self.path, "ab") as file:
            file.truncate(self._length)
        return [_with_nan(record) for record, _ in kept]

    def _extend_table(self, rows: Sequence[Mapping[str, str]]) -> None:
        columns = list(dict.fromkeys(chain(self._columns, *rows)))
        if columns != self._columns:
            self._columns = columns
            self._write_table()
        else:
            self._write_rows("ab", rows)

    def _write_table(self) -> None:
        self._write_rows("wb", list(map(_texts, self.records)))

    def _write_rows(self, mode: Literal["wb", "ab"], rows: Sequence[Mapping[str, str]]) -> None:
        with opened(self.table, mode) as binary, TextIOWrapper(binary, encoding="utf-8", newline="") as file:
            if mode == "wb" and self._columns:
                csv.writer(file, lineterminator="\n").writerow(self._columns)
            file.writelines([",".join([row.get(name, "") for name in self._columns]) + "\n" for row in rows])


def _texts(record: Mapping[str, float]) -> dict[str, str]:
    """The figures as text, once for both files, as that is most of the time; empty where they are not finite."""
    return {name: repr(value) if math.isfinite(value) else "" for name, value in record.items()}


def _object(row: Mapping[str, str]) -> str:
    """The line of JSON that json.dumps gives."""
    members = ", ".join([f"{_quoted(name)}: {text or 'null'}" for name, text in row.items()])
    return f"{{{members}}}\n"


_quoted = cache(json.dumps)


def read_records(path: Path) -> list[Record]:
    """The epochs in a metrics.jsonl, without what is no number; none where there is no such file."""
    try:
        found = _at_once(path) or [held for held, _ in _objects(path)]
    except OSError:
        return []
    records = [{name: value for name, value in held.items() if _is_number(value)} for held in found]
    return [_with_nan(record) for record in records if _is_count(record.get("epoch"))]


def _at_once(path: Path) -> list[dict[str, Any]] | None:
    """The objects in a file, parsed together, which is fast; None where not each line is one. Raises OSError."""
    try:
        with open_plain(path) as file:
            lines = list(whole_lines(file))
        found = json.loads(b"[%b]" % b",".join(lines))
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    return found if len(found) == len(lines) and all(isinstance(held, dict) for held in found) else None


def _objects(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """The objects in a file up to the first line that is none, each with the length of its line. Raises OSError."""
    try:
        with open_plain(path) as file:
            for line in whole_lines(file):
                try:
                    held = json.loads(line)
                except (ValueError, RecursionError):
                    return
                if not isinstance(held, dict):
                    return
                yield held, len(line)
    except FileNotFoundError:
        return


def _is_count(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < _MOST_EPOCHS


def _is_number(value: object) -> bool:
    """True also for null, which stands for a number that is not finite."""
    if value is None or isinstance(value, float):
        return True
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def _with_nan(record: Mapping[str, float | None]) -> Record:
    return {name: math.nan if value is None else value for name, value in record.items()}
