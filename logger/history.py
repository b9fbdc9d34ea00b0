"""The figures of every epoch, on disk from the moment they are known."""

import csv
import json
import logging
import math
import os
from pathlib import Path

from base.base_trainer import Record
from logger.figures import finite_or_none
from utils.files import make_folder, writing

LOG = logging.getLogger(__name__)


class History:
    """`metrics.jsonl`, a line an epoch, and beside it the same as a table, `metrics.csv`; without a folder, `records`.

    Opened with `lines`, it goes on after the first so many lines and drops the rest: those are epochs after the
    checkpoint that a run continues from. Figures that are not finite are null in the one file, empty in the other and
    nan in `records`, so that a history looks the same whether or not the run was continued. Raises WriteError.
    """

    def __init__(self, folder: Path | None, lines: int = 0) -> None:
        self.records: list[Record] = []
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
        """Add an epoch to both files; when this returns, its line is safe on disk."""
        record = {name: value if isinstance(value, int) else float(value) for name, value in record.items()}
        if self.in_memory:
            self.records.append(record)
            return
        line = json.dumps(finite_or_none(record), allow_nan=False) + "\n"
        with writing(self.path), self.path.open("ab") as file:
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())  # the checkpoint that counts this line may be on disk before it otherwise
        self.records.append(_parse(line.encode()))
        self._extend_table(record)

    def _cut(self, lines: int) -> list[Record]:
        kept = _whole_lines(self.path)[:lines]
        if len(kept) < lines:
            LOG.warning("%s should hold %d epochs, has %d; the history goes on from those", self.path, lines, len(kept))
        with writing(self.path), self.path.open("ab") as file:
            file.truncate(sum(map(len, kept)))
        return [_parse(line) for line in kept]

    def _extend_table(self, record: Record) -> None:
        new = [name for name in record if name not in self._columns]
        if new:
            self._columns += new
            self._write_table()
        else:
            self._write_rows("a", [record])

    def _write_table(self) -> None:
        self._write_rows("w", self.records)

    def _write_rows(self, mode: str, records: list[Record]) -> None:
        with writing(self.table), self.table.open(mode, newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self._columns, restval="", lineterminator="\n")
            if mode == "w" and self._columns:
                writer.writeheader()
            writer.writerows(map(finite_or_none, records))


def read_records(path: Path) -> list[Record]:
    """The epochs in a metrics.jsonl; none where there is no such file."""
    return [_parse(line) for line in _whole_lines(path)]


def _whole_lines(path: Path) -> list[bytes]:
    """The lines up to the first that is not whole: a crash can leave half a line at the end."""
    whole: list[bytes] = []
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
        if not line.endswith(b"\n") or not _is_record(line):
            break
        whole.append(line)
    return whole


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _parse(line: bytes) -> Record:
    return {name: math.nan if value is None else value for name, value in json.loads(line).items()}
