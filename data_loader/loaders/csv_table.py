"""A user's own table."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from base.constraints import Distinct, Length, Pattern
from data_loader.arrays import ArrayDataLoader, Arrays
from data_loader.tables import Table

OneCharacter = Annotated[str, Pattern(r"[^\r\n\"]", "a single character")]


@dataclass(eq=False)
class CsvDataLoader(ArrayDataLoader):
    """A CSV file whose first line names the columns, a sample a row.

    Labels are numbers where all are whole numbers without leading zeros, else texts; 2.0 is 2.

    path: the file.
    target: the column of the labels, or of the numbers to predict; several for several numbers.
    features: the columns that are inputs (null: all others).
    test_path: a file of test data with the same columns, if any.
    delimiter: what separates columns.
    """

    path: str
    target: str | Annotated[list[str], Length(1), Distinct()]
    features: Annotated[list[str], Length(1), Distinct()] | None = None
    test_path: str | None = None
    delimiter: OneCharacter = ","

    def __post_init__(self) -> None:
        if self.task == "classification" and not isinstance(self.target, str):
            raise ValueError("class labels are one column; for several numbers to predict set task to 'regression'")
        leaked = [name for name in self._targets if name in (self.features or [])]
        if leaked:
            raise ValueError(f"features name {leaked[0]!r}, which is to be predicted; leave it out of them")

    def training_arrays(self) -> Arrays:
        return self._read(self.path)

    def test_arrays(self) -> Arrays | None:
        return None if self.test_path is None else self._read(self.test_path)

    @property
    def _targets(self) -> list[str]:
        return [self.target] if isinstance(self.target, str) else self.target

    def _read(self, path: str) -> Arrays:
        table, targets = Table(Path(path), self.delimiter), self._targets
        features = self.features or [name for name in table.header if name not in targets]
        labels = table.labels(targets[0]) if self.task == "classification" else table.numbers(targets)
        return Arrays(table.numbers(features), labels, path, f"{path}, column {', '.join(targets)}")
