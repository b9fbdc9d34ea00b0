"""The form of a table's file: its encoding, delimiter and columns."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from base.errors import DataError
from data_loader.checksums import Checksums
from utils.missing_paths import missing

DELIMITERS = (",", ";", "\t", "|", " ")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = {  # what is called .csv at times, by its first bytes
    b"PK\3\4": "a ZIP archive, as spreadsheets (.xlsx, .ods) are too",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (.xls)",
    b"\x1f\x8b": "compressed by gzip",
    b"PAR1": "Parquet",
}
_BLOCK = 2**20


@dataclass(frozen=True)
class TableFormat:
    """The form of a CSV file; `names` are its columns from left to right, empty for those without a name.

    `line` is that of the header, counted from 1, or 0 where there is none.
    """

    path: Path
    encoding: str
    delimiter: str
    names: tuple[str, ...]
    line: int

    def open(self) -> TextIO:
        """The file at its first row."""
        file = self.path.open(newline="", encoding=self.encoding)
        rows = _rows(file, self.delimiter)
        while self.line and next(rows)[0] < self.line:
            pass
        return file

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row below the header with the number of its line, read slowly: for messages."""
        with self.path.open(newline="", encoding=self.encoding) as file:
            yield from ((line, row) for line, row in _rows(file, self.delimiter) if line > self.line)


def find_format(
    path: Path, encoding: str, delimiter: str | None, header: bool, decimal: str = ".", can_choose: bool = True
) -> TableFormat:
    """Look at the beginning of a file. Raises DataError where it cannot be a table, UnicodeError for other letters.

    Messages advise other arguments of the loader where the user `can_choose` them.
    """
    if not path.is_file():
        raise DataError(f"{path}: {missing(path)}")
    Checksums(path.parent).verify_file(path.name)
    with path.open("rb") as file:
        start = file.read(4)
    for magic, what in _OTHER_FILES.items():
        if start.startswith(magic):
            raise DataError(f"{path}: is no text, but {what}; save the table as CSV")
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), encoding)
    with path.open(newline="", encoding=encoding) as file:
        chosen = delimiter or _delimiter(file, decimal)
        file.seek(0)
        line, names = next(_rows(file, chosen), (0, []))
    if not names:
        raise DataError(f"{path}: the file is empty; expected a line of column names and a row for each sample")
    if any("\0" in name for name in names):
        raise UnicodeError("zeros among its letters, as of UTF-16 without its mark")
    if names[0].lower().startswith("sep="):
        raise DataError(f"{path}: its first line is {names[0]!r}, which only Excel reads; remove that line")
    if chosen == " " and "" in names:
        raise DataError(
            f"{path}: the names of its columns are several spaces apart; separate columns by one, or by a comma or tab"
        )
    if not header:
        return TableFormat(path, encoding, chosen, tuple(map(str, range(len(names)))), 0)
    found = TableFormat(path, encoding, chosen, tuple(name.strip() for name in names), line)
    twice = [name for name, count in Counter(found.names).items() if name and count > 1]
    if twice:
        hint = hints(found) if can_choose else ""
        raise DataError(f"{path}: the first line must name each column once, but {twice[0]!r} is there twice{hint}")
    return found


def hints(found: TableFormat) -> str:
    """A hint, for messages, at what may be wrong where columns are not those that were expected."""
    others = [one for one in DELIMITERS if one != found.delimiter and any(one in name for name in found.names)]
    if others and len(found.names) == 1:
        return f"; columns seem to be separated by {others[0]!r}: set data_loader.args.delimiter to it, or leave it out"
    if others and others[0] != " ":
        return (
            f"; columns were taken to be separated by {found.delimiter!r}; if it is {others[0]!r}, set "
            "data_loader.args.delimiter to it"
        )
    if found.line and any(is_number(name) for name in found.names):
        return (
            "; the first line has numbers, so the table seems to have no header: set data_loader.args.header to false, "
            'and columns are called "0", "1", ...'
        )
    return ""


def undecodable(path: Path, encoding: str, can_choose: bool = True) -> DataError:
    """The error of a file that is not in an encoding, with the line; a trained network's reader cannot choose it."""
    with path.open("rb") as file:
        start = file.read(_BLOCK)
        file.seek(0)
        line = next((number for number, text in enumerate(file, 1) if not _decodes(text, encoding)), 1)
    wide = "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
    likely = f'"{wide}"' if b"\0" in start else '"cp1252" (Windows, western Europe), "latin-1" or "utf-16"'
    advice = f"say with data_loader.args.encoding which it is, such as {likely}"
    return DataError(
        f"{path}: line {line} is not text in the encoding {encoding}; "
        + (advice if can_choose else "save the table in that, in which the network's own data were")
    )


def is_number(text: str) -> bool:
    """True for a number as any program writes it, which 1_0, that Python alone reads as 10, is not."""
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _rows(file: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every line that is not empty, with its number."""
    reader = csv.reader(iter(file.readline, ""), delimiter=delimiter)
    return ((reader.line_num, row) for row in reader if row)


def _delimiter(file: TextIO, decimal: str) -> str:
    """The character that cuts the first rows into the most columns, and each into as many.

    Spaces, which texts have too, and what is the decimal mark, count only where no other does.
    """
    columns = {delimiter: _columns(file, delimiter) for delimiter in DELIMITERS}
    for candidates in ([one for one in DELIMITERS if one not in (decimal, " ")], [decimal], [" "]):
        best = max(candidates, key=lambda one: columns.get(one, 0))
        if columns.get(best, 0) > 1:
            return best
    return ","


def _columns(file: TextIO, delimiter: str) -> int:
    """The number of columns of the first rows, 0 where it is not the same in all."""
    file.seek(0)
    try:
        counts = {len(row) for _, (_, row) in zip(range(5), _rows(file, delimiter), strict=False)}
    except csv.Error:  # as a whole line may be longer than a cell can be
        return 0
    return counts.pop() if len(counts) == 1 else 0


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeError:
        return False
    return True
