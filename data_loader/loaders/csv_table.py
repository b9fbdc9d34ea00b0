"""A user's own table."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from base.constraints import Length, Pattern
from data_loader.arrays import ArrayDataLoader, Arrays
from data_loader.tables import Table

OneCharacter = Annotated[str, Pattern(r"[^\r\n\"]", "a single character")]


@dataclass(eq=False)
class CsvDataLoader(ArrayDataLoader):
    """A CSV file whose first line names the columns, a sample a row.

    path: the file.
    target: the column of the labels, or of the numbers to predict; several for several numbers.
    features: the columns that are inputs (null: all others).
    test_path: a file of test data with the same columns, if any.
    delimiter: what separates columns.
    """

    path: str
    target: str | Annotated[list[str], Length(1)]
    features: Annotated[list[str], Length(1)] | None = None
    test_path: str | None = None
    delimiter: OneCharacter = ","

    def __post_init__(self) -> None:
        if self.task == "classification" and not isinstance(self.target, str):
            raise ValueError("class labels are one column; for several numbers to predict set task to 'regression'")

    def training_arrays(self) -> Arrays:
        return self._read(self.path)

    def test_arrays(self) -> Arrays | None:
        return None if self.test_path is None else self._read(self.test_path)

    def _read(self, path: str) -> Arrays:
        table = Table(Path(path), self.delimiter)
        targets = [self.target] if isinstance(self.target, str) else self.target
        features = self.features or [name for name in table.header if name not in targets]
        labels = table.labels(targets[0]) if self.task == "classification" else table.numbers(targets)
        return Arrays(table.numbers(features), labels, path, f"{path}, column {', '.join(targets)}")
