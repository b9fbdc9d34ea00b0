"""Tables of text: a header, then a row for each sample."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from base.errors import DataError
from base.types import Array
from data_loader.checksums import Checksums

_FRACTION = re.compile(r"\.0*$")
_WHOLE = re.compile(r"(0|-?[1-9][0-9]{0,17})(\.0*)?")  # 18 digits are within int64; longer numbers are texts


class Table:
    """A CSV file with a header, as text. Raises DataError, naming file and line, where it is not one."""

    def __init__(self, path: Path, delimiter: str) -> None:
        self.path = path
        lines = _lines(path, delimiter)
        self.header = [name.strip() for name in lines[0][1]] if lines else []
        self._lines, self._rows = [number for number, _ in lines[1:]], [row for _, row in lines[1:]]
        twice = [name for name in self.header if self.header.count(name) > 1]
        if twice or not self.header:
            raise DataError(f"{path}: the first line must name each column once, {_problem(twice)}")
        for line, row in zip(self._lines, self._rows, strict=True):
            if len(row) != len(self.header):
                raise DataError(f"{path}: line {line} has {len(row)} columns, the header {len(self.header)}")

    def column(self, name: str) -> list[str]:
        """The texts of a column."""
        if name not in self.header:
            raise DataError(f"{self.path}: has no column {name!r}; it has {', '.join(self.header)}")
        position = self.header.index(name)
        return [row[position].strip() for row in self._rows]

    def numbers(self, names: Sequence[str]) -> Array:
        """Columns of numbers, (rows, columns)."""
        columns = [self._parsed(name, self.column(name)) for name in names]
        return np.stack(columns, axis=1) if columns else np.empty((len(self._rows), 0))

    def labels(self, name: str) -> Array:
        """A column of labels: whole numbers where all are, else texts.

        Each text becomes what it is by itself, so that no other row decides which labels are the same: "2.0" is "2", as
        spreadsheets and data frames write whole numbers with a fraction, but "02" is another.
        """
        texts = [_FRACTION.sub("", text) if _WHOLE.fullmatch(text) else text for text in self.column(name)]
        whole = all(_WHOLE.fullmatch(text) for text in texts)
        return np.array(texts).astype(np.int64) if whole and texts else np.array(texts, str)

    def _parsed(self, name: str, texts: Sequence[str]) -> Array:
        try:
            return np.array([_number(text) for text in texts])
        except ValueError:
            wrong = next(row for row, text in enumerate(texts) if not _is_number(text))
            raise DataError(
                f"{self.path}: line {self._lines[wrong]}, column {name!r}: expected a number, got {texts[wrong]!r}; "
                "mend it, or leave the column out of data_loader.args.features"
            ) from None


def _lines(path: Path, delimiter: str) -> list[tuple[int, list[str]]]:
    """Every line that is not empty, with its number."""
    if not path.is_file():
        raise DataError(f"{path}: there is no such file (looked from {Path.cwd()})")
    try:
        Checksums(path.parent).verify_file(path.name)
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            return [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as CSV in UTF-8: {error}") from error


def _problem(twice: list[str]) -> str:
    return f"but {twice[0]!r} is there twice" if twice else "but the file is empty"


def _number(text: str) -> float:
    """A number as any program writes it. Raises ValueError also for 1_0, which Python alone reads, as 10."""
    if "_" in text:
        raise ValueError(text)
    return float(text)


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except ValueError:
        return False
    return True
