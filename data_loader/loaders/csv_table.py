"""A user's own table."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from base.constraints import Distinct, Length, Pattern
from base.dataset import Dataset, SampleNames
from base.preprocessing import ColumnCoding
from data_loader.arrays import ArrayDataLoader, Arrays
from data_loader.column_codings import Categories, Fill, fit_columns
from data_loader.tables import Table, as_labels

OneCharacter = Annotated[str, Pattern(r"[^\r\n\"]", "a single character")]


@dataclass(eq=False)
class CsvDataLoader(ArrayDataLoader):
    """A CSV file whose first line names the columns, a sample a row.

    Labels are numbers where all are whole numbers without leading zeros, else texts; 2.0 is 2. Columns are found by
    name in test and validation files, whatever their order. A column without a name is left out.

    path: the file.
    target: the column of the labels, or of the numbers to predict; several for several numbers.
    features: the columns that are inputs (null: all others).
    categories: how columns of texts become inputs: "one_hot", an input for each text, or "ordinal", the text's place
        among all in alphabetical order; or an object that says so for single columns, where a list of texts gives an
        order of its own (null: texts are refused).
    missing: what stands for an empty cell, or NA, nan, null or ? among numbers: the training samples' "mean" or
        "median" (among texts: none of the categories), or a value; or an object that says so for single columns (null:
        gaps are refused).
    test_path: a file of test data with the same columns, if any.
    validation_path: a file of validation data with the same columns, if any.
    delimiter: what separates columns (null: found by looking, of comma, semicolon, tab, | and space).
    decimal: what stands before a number's fraction.
    encoding: how letters are stored, such as "cp1252" (Windows) or "latin-1"; UTF-16 is found by itself where its mark
        stands first.
    header: whether the first line names the columns; without, they are called "0", "1" and so on.
    """

    path: str
    target: str | Annotated[list[str], Length(1), Distinct()]
    features: Annotated[list[str], Length(1), Distinct()] | None = None
    categories: Literal["one_hot", "ordinal"] | dict[str, Categories] | None = None
    missing: Fill | dict[str, Fill] | None = None
    test_path: str | None = None
    validation_path: str | None = None
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
        return self._read(self.path)

    def test_arrays(self) -> Arrays | None:
        return None if self.test_path is None else self._read(self.test_path)

    def validation_arrays(self) -> Arrays | None:
        return None if self.validation_path is None else self._read(self.validation_path)

    def column_codings(self, training: Dataset) -> Sequence[ColumnCoding]:
        return fit_columns(training, self.categories, self.missing)

    @property
    def _targets(self) -> list[str]:
        return [self.target] if isinstance(self.target, str) else self.target

    def _read(self, path: str) -> Arrays:
        table, targets = Table.of(Path(path), self.encoding, self.delimiter, self.header, self.decimal), self._targets
        features = self.features or self._others(table.form.names, path)
        is_regression, groups = self.task == "regression", self.groups_named
        texts = [] if is_regression else targets
        inputs, columns, cells = table.read(features, texts if groups is None else [*texts, groups])
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
        nameless = [str(place) for place, name in enumerate(names, 1) if not name]
        if nameless:
            self.note(
                f"{path}: column {', '.join(nameless)} of {len(names)} has no name, as pandas' row numbers have none; "
                "it is left out; to use it, name it in the file"
            )
        return [name for name in names if name and name not in (*self._targets, self.groups_named)]
