"""Tables of text: a header, then a row for each sample."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from base.dataset import TableColumn
from base.errors import DataError
from base.types import Array
from data_loader.table_format import TableFormat, find_format, hints, is_number, undecodable

if TYPE_CHECKING:
    import pandas as pd

# What stands for a gap in columns of numbers, pandas' list and "?"; in others only "".
GAPS = frozenset(
    {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA"}
    | {"NULL", "NaN", "None", "n/a", "nan", "null", "?"}
)
_LARGEST = float(np.finfo(np.float32).max)  # that a network can be given
_ROWS = 2000  # that are read at once
_FRACTION = re.compile(r"\.0*$")
_WHOLE = re.compile(r"(0|-?[1-9][0-9]{0,17})(\.0*)?")  # 18 digits are within int64; longer numbers are texts
_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Table:
    """A CSV file. Methods raise DataError, naming file, line and column, for what cannot be read.

    `decimal` is the character before a number's fraction.
    """

    form: TableFormat
    decimal: str

    @classmethod
    def of(cls, path: Path, encoding: str, delimiter: str | None, header: bool, decimal: str) -> Table:
        """The table in a file; the delimiter is looked for where none is given."""
        try:
            return cls(find_format(path, encoding, delimiter, header, decimal), decimal)
        except UnicodeError as error:
            raise undecodable(path, encoding) from error
        except csv.Error as error:
            raise DataError(f"{path}: cannot be read as CSV: {error}") from error

    def position(self, name: str) -> int:
        """The place of a column, from 0."""
        if name not in self._places:
            raise DataError(
                f"{self.form.path}: has no column {name!r}; it has {', '.join(filter(None, self.form.names))}"
                f"{hints(self.form)}"
            )
        return self._places[name]

    def read(
        self, names: Sequence[str], texts: Sequence[str]
    ) -> tuple[Array, tuple[TableColumn, ...], list[list[str]]]:
        """Columns (rows, columns) with what is known of each, and others as texts.

        Whole numbers from 0 to 255 are bytes, as long as there is nothing else; texts are positions in a list of them.
        """
        places, others = [self.position(name) for name in names], [self.position(name) for name in texts]
        numbers = _Numbers(self._most_rows, len(places))
        found = self._columns(others, numbers, places)
        strange = self._columns([places[at] for at in numbers.others]) if numbers.others else []
        cells = dict(zip(numbers.others, strange, strict=True))
        columns = [self._column(name, cells.get(at), numbers, at) for at, name in enumerate(names)]
        return self._checked(numbers.values, columns), tuple(columns), found

    def numbers(self, names: Sequence[str]) -> Array:
        """Columns of numbers (rows, columns), all of which must be there."""
        values, columns, _ = self.read(names, [])
        for column in columns:
            if column.texts is not None or column.first_gap:
                raise DataError(f"{column.first_text or column.first_gap}; mend it, or leave out its row")
        return values.astype(np.float64)

    def lines(self, rows: int) -> Sequence[int]:
        """The line of each of so many rows; found out when first asked for, where that takes reading the file again."""
        return _Lines(self, rows)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.form.names) if name}

    @cached_property
    def _most_rows(self) -> int:
        """No fewer than there are."""
        with self.form.path.open("rb") as file:
            blocks = iter(lambda: file.read(2**20), b"")
            return 1 + sum(max(block.count(b"\n"), block.count(b"\r")) for block in blocks)

    def _column(self, name: str, texts: list[str] | None, numbers: _Numbers, at: int) -> TableColumn:
        """The description of a column; texts that are numbers or gaps after all are written where numbers are."""
        if texts is None:
            gap = int(np.argmax(np.isnan(numbers.values[:, at]))) if at in numbers.gaps else None
            return TableColumn(name, first_gap="" if gap is None else self._where(gap, name, "the cell is empty"))
        plain = [text.replace(self.decimal, ".") for text in texts]
        strange = next((row for row, text in enumerate(plain) if not (is_number(text) or text in GAPS)), None)
        values = numbers.promoted()
        if strange is None:
            values[:, at] = [np.nan if text in GAPS else float(text) for text in plain]
            gap = next((row for row, text in enumerate(plain) if text in GAPS), None)
            told = "" if gap is None else self._where(gap, name, f"expected a number, got {texts[gap]!r}")
            return TableColumn(name, first_gap=told)
        distinct, values[:, at] = np.unique(texts, return_inverse=True)
        values[values[:, at] == np.searchsorted(distinct, ""), at] *= 1 if "" not in texts else np.nan
        comma = "; for decimal commas set data_loader.args.decimal to ','" if _COMMA.fullmatch(texts[strange]) else ""
        gap = texts.index("") if "" in texts else None
        return TableColumn(
            name,
            tuple(distinct.tolist()),
            self._where(strange, name, f"expected a number, got {texts[strange]!r}{comma}"),
            "" if gap is None else self._where(gap, name, "the cell is empty"),
        )

    def _checked(self, values: Array, columns: Sequence[TableColumn]) -> Array:
        """The values, none of which may be infinite, as a network would have it too for what float32 cannot hold."""
        for at, column in enumerate(columns if values.dtype.kind == "f" else ()):
            too_large = np.abs(values[:, at]) > _LARGEST
            if too_large.any():
                row = int(np.argmax(too_large))
                what = "an infinity" if np.isinf(values[row, at]) else f"{values[row, at]:g}, more than float32 holds"
                raise DataError(self._where(row, column.name, f"expected a finite number, got {what}; mend it"))
        return values

    def _columns(
        self, texts: Sequence[int], numbers: _Numbers | None = None, places: Sequence[int] = ()
    ) -> list[list[str]]:
        """The cells of columns as they are written, without spaces around them; others are added to the numbers."""
        columns: list[list[str]] = [[] for _ in texts]
        for chunk in self._chunks(texts):
            for column, place in zip(columns, texts, strict=True):
                column += map(str.strip, chunk[place].fillna(""))
            if numbers is not None:
                numbers.append(chunk[list(places)])
        return columns

    def _chunks(self, texts: Sequence[int]) -> Iterator[pd.DataFrame]:
        """So many rows after the other, of which each must have as many columns as the header."""
        import pandas as pd

        last = len(self.form.names) - 1
        as_without_pyarrow = pd.option_context("mode.string_storage", "python")
        try:
            with warnings.catch_warnings(), as_without_pyarrow, self.form.open() as file:
                warnings.simplefilter("error", pd.errors.ParserWarning)
                chunks = pd.read_csv(
                    file, sep=self.form.delimiter, decimal=self.decimal, header=None, names=range(last + 1),
                    dtype=dict.fromkeys(texts, str), keep_default_na=False, na_values=[""], chunksize=_ROWS,
                    index_col=False, low_memory=False,
                )  # fmt: skip
                for chunk in chunks:
                    if chunk[last].isna().any():  # or there is no such column in that row
                        self._check_rows()
                    yield chunk
        except pd.errors.EmptyDataError:
            return
        except UnicodeError as error:
            raise undecodable(self.form.path, self.form.encoding) from error
        except (pd.errors.ParserWarning, ValueError, csv.Error, OverflowError) as error:
            self._check_rows()
            raise DataError(f"{self.form.path}: cannot be read as CSV: {error}") from error

    @cached_property
    def line_of_row(self) -> list[int]:
        """The line of each row; looks at all of them once."""
        lines: list[int] = []
        for line, row in self.form.rows():
            if len(row) != len(self.form.names):
                row_names = "; rows that begin with a name, as R writes them, need a column name for it in the header"
                raise DataError(
                    f"{self.form.path}: line {line} has {len(row)} columns, the header {len(self.form.names)}"
                    f"{row_names if not lines and len(row) == len(self.form.names) + 1 else ''}"
                )
            lines.append(line)
        return lines

    def _check_rows(self) -> None:
        """Raise DataError for a row that has more or fewer columns than the header; looks at all of them once."""
        try:
            _ = self.line_of_row
        except (UnicodeError, csv.Error) as error:
            raise DataError(f"{self.form.path}: cannot be read as CSV: {error}") from error

    def _where(self, row: int, name: str, text: str) -> str:
        self._check_rows()
        return f"{self.form.path}: line {self.line_of_row[row]}, column {name!r}: {text}"


def as_labels(cells: Sequence[str]) -> Array:
    """Cells as labels: whole numbers where all are, else texts.

    Each text becomes what it is by itself, so that no other row decides which labels are the same: "2.0" is "2", as
    spreadsheets and data frames write whole numbers with a fraction, but "02" is another.
    """
    texts = [_FRACTION.sub("", text) if _WHOLE.fullmatch(text) else text for text in cells]
    whole = all(_WHOLE.fullmatch(text) for text in texts)
    return np.array(texts).astype(np.int64) if whole and texts else np.array(texts, str)


class _Lines(Sequence[int]):
    """The line of each row of a table."""

    def __init__(self, table: Table, rows: int) -> None:
        self._table, self._rows = table, rows

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, row: int) -> int: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[int]: ...

    def __getitem__(self, row: int | slice) -> int | Sequence[int]:
        return self._table.line_of_row[row]


class _Numbers:
    """Rows of numbers, as bytes while all are, in memory that is taken when it is written to.

    `others` are the columns in which something else stands, `gaps` those with an empty cell.
    """

    def __init__(self, most_rows: int, columns: int) -> None:
        self._values: Array = np.empty((most_rows, columns), np.uint8)
        self._count = 0
        self._others: set[int] = set()
        self.gaps: set[int] = set()

    @property
    def others(self) -> list[int]:
        """The columns that are not read as numbers, from left to right."""
        return sorted(self._others)

    @property
    def values(self) -> Array:
        """The rows that were appended (rows, columns)."""
        return self._values[: self._count]

    def append(self, frame: pd.DataFrame) -> None:
        """Add rows; what is no number is 0."""
        numeric = np.array([dtype.kind in "iuf" for dtype in frame.dtypes])
        if numeric.all():
            rows = frame.to_numpy(np.float64)
        else:
            rows = np.zeros(frame.shape)
            rows[:, numeric] = frame.loc[:, numeric].to_numpy(np.float64)
            for at in np.flatnonzero(~numeric).tolist():
                is_gap = frame.iloc[:, at].isna().to_numpy()
                rows[is_gap, at] = np.nan
                if not is_gap.all():
                    self._others.add(at)
        self.gaps.update(np.flatnonzero(np.isnan(rows).any(axis=0)).tolist())
        with np.errstate(invalid="ignore"):
            as_bytes = rows.astype(np.uint8)
        if self._values.dtype == np.uint8 and not (as_bytes == rows).all():
            self.promoted()
        self._values[self._count : self._count + len(rows)] = rows
        self._count += len(rows)

    def promoted(self) -> Array:
        """The rows as floats, from now on."""
        if self._values.dtype == np.uint8:
            wider = np.empty(self._values.shape)
            wider[: self._count] = self.values
            self._values = wider
        return self.values
