"""A user's own table."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from base.constraints import Distinct, Length, PathText, Pattern
from base.dataset import Dataset, SampleNames, TableColumn
from base.errors import DataError
from base.preprocessing import ColumnCoding
from base.state import State
from base.types import Array
from data_loader.arrays import ArrayDataLoader, Arrays
from data_loader.column_codings import Categories, Fill, fit_columns
from data_loader.table_format import is_number
from data_loader.tables import GAPS, Table, as_labels

_NAMELESS = re.compile(r"(Unnamed: \d+(_level_\d+)?)?")  # which pandas calls so when it writes them again
_COUNTED_ROWS = 10  # of a column that may be the number of the row
OneCharacter = Annotated[str, Pattern(r"[^\r\n\"]", "a single character")]


@dataclass(eq=False)
class CsvDataLoader(ArrayDataLoader):
    """A CSV file whose first line names the columns, a sample a row.

    Labels are numbers where all are whole numbers without leading zeros, else texts; 2.0 is 2. Columns are found by
    name in test and validation files, whatever their order. A column without a name, or of one that pandas makes up
    ("Unnamed: 0"), is left out.

    path: the file.
    target: the column of the labels, or of the numbers to predict; several for several numbers.
    features: the columns that are inputs (null: all others).
    categories: how columns of texts become inputs: "one_hot", an input for each text, or "ordinal", the text's place
        among all in alphabetical order; or an object that says so for single columns, where a list of texts gives an
        order of its own (null: texts are refused).
    missing: what stands for an empty cell, or NA, nan, null, ? and the like among numbers: the training samples'
        "mean" or "median" (among texts: none of the categories), or a value; or an object that says so for single
        columns (null: gaps are refused).
    test_path: a file of test data with the same columns, if any.
    validation_path: a file of validation data with the same columns, if any.
    delimiter: what separates columns (null: found by looking, of comma, semicolon, tab, | and space).
    decimal: what stands before a number's fraction.
    encoding: how letters are stored, such as "cp1252" (Windows) or "latin-1"; UTF-16 is found by itself where its mark
        stands first.
    header: whether the first line names the columns; without, they are called "0", "1" and so on.
    """

    path: PathText
    target: str | Annotated[list[str], Length(1), Distinct()]
    features: Annotated[list[str], Length(1), Distinct()] | None = None
    categories: Literal["one_hot", "ordinal"] | dict[str, Categories] | None = None
    missing: Fill | dict[str, Fill] | None = None
    test_path: PathText | None = None
    validation_path: PathText | None = None
    delimiter: OneCharacter | None = None
    decimal: Literal[".", ","] = "."
    encoding: str = "utf-8"
    header: bool = True

    def __post_init__(self) -> None:
        if self.task == "classification" and not isinstance(self.target, str):
            raise ValueError("class labels are one column; for several numbers to predict set task to 'regression'")
        leaked = [name for name in self._targets if name in (self.features or [])]
        if leaked:
            raise ValueError(f"features name {leaked[0]!r}, which is to be predicted; leave it out of them")
        if self.decimal == self.delimiter:
            raise ValueError("decimal and delimiter are the same character")
        if self.shape is not None and (self.categories or self.missing is not None):
            raise ValueError("shape is for columns that are all numbers; leave categories and missing out")
        try:
            codecs.lookup(self.encoding)
        except (LookupError, ValueError):
            raise ValueError(f"encoding {self.encoding!r} is not known; such as utf-8, cp1252, latin-1") from None

    def training_arrays(self) -> Arrays:
        return self._read(self.path, self.groups_named)

    def test_arrays(self) -> Arrays | None:
        return None if self.test_path is None else self._read(self.test_path)

    def validation_arrays(self) -> Arrays | None:
        return None if self.validation_path is None else self._read(self.validation_path)

    def column_codings(self, training: Dataset) -> Sequence[ColumnCoding]:
        return fit_columns(training, self.categories, self.missing)

    def coding_settings(self) -> State:
        return {"categories": self.categories, "missing": self.missing}

    @property
    def _targets(self) -> list[str]:
        return [self.target] if isinstance(self.target, str) else self.target

    def _read(self, path: str, groups: str | None = None) -> Arrays:
        table, targets = Table.of(Path(path), self.encoding, self.delimiter, self.header, self.decimal), self._targets
        features = self.features or self._others(table.form.names, path)
        is_regression = self.task == "regression"
        texts = [] if is_regression else targets
        inputs, columns, cells = table.read(features, texts if groups is None else [*texts, groups])
        if not len(inputs):
            raise DataError(f"{path}: has a header but no rows; expected one for each sample")
        if self.features is None:
            self._tell_of_row_numbers(inputs, columns, path)
        if not is_regression:
            self._check_labels(cells[0], path)
        return Arrays(
            inputs,
            table.numbers(targets) if is_regression else as_labels(cells[0]),
            path,
            f"{path}, column {', '.join(targets)}",
            None if groups is None else np.array(cells[-1], str),
            columns,
            SampleNames("line", table.lines(len(inputs))),
        )

    def _others(self, names: Sequence[str], path: str) -> list[str]:
        """The columns that are inputs where none are chosen."""
        nameless = [str(place) for place, name in enumerate(names, 1) if _NAMELESS.fullmatch(name)]
        if nameless:
            self.note(
                f"{path}: column {', '.join(nameless)} of {len(names)} has no name, as pandas' row numbers have none; "
                "it is left out; to use it, name it in the file"
            )
        others = {*self._targets, self.groups_named}
        inputs = [name for name in names if not _NAMELESS.fullmatch(name) and name not in others]
        if not inputs:
            raise DataError(f"{path}: has no columns but {', '.join(self._targets)}; expected some that are inputs")
        return inputs

    def _tell_of_row_numbers(self, inputs: Array, columns: Sequence[TableColumn], path: str) -> None:
        """Note a column that counts the rows: where they are sorted by class, a network learns it by heart."""
        if len(inputs) < _COUNTED_ROWS:
            return
        first, second = inputs[:2].astype(np.float64)
        for at in np.flatnonzero(((first == 0) | (first == 1)) & (second == first + 1)).tolist():
            if np.array_equal(inputs[:, at], np.arange(len(inputs)) + first[at]):
                self.note(
                    f"{path}: column {columns[at].name!r} is the number of the row; if it says nothing about the "
                    "samples, choose the others with data_loader.args.features"
                )

    def _check_labels(self, cells: Sequence[str], path: str) -> None:
        """Note labels that look like gaps. Raises DataError for numbers with a fraction, of which none is a class."""
        distinct, gaps = set(cells) - GAPS, sorted(GAPS & set(cells) - {""})
        if gaps:
            self.note(
                f"{path}: column {self._targets[0]!r} has the label {', '.join(gaps)}, which is a class like others; "
                "where it stands for a gap, remove its rows"
            )
        if self.classes is None and all(map(is_number, distinct)) and not all(map(_is_whole, distinct)):
            some = min(text for text in distinct if not _is_whole(text))
            raise DataError(
                f"{path}: column {self._targets[0]!r} has numbers with a fraction, such as {some}, for class labels; "
                "for numbers to predict set data_loader.args.task to 'regression', for classes name them with "
                "data_loader.args.classes"
            )


def _is_whole(text: str) -> bool:
    return float(text).is_integer()
