"""Predictions for every sample of a test, as text and CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from base.types import Array
from logger.console import elided
from utils.files import SAVE_DIR, opened, replacing
from utils.folding import padded, text_width
from utils.printable import printable
from utils.screen import COLUMNS

_SHOWN = 4  # numbers of an input or output that a line of the table shows at most
_LONGEST_NAME, _LONGEST_SAMPLE = 14, 24


@dataclass(frozen=True)
class PredictionColumns:
    """The columns of predictions.csv, which test.py and predict.py write.

    `samples` name a sample: "file", "line", "index", or "file" and "row". Of `classes` there is the prediction's name;
    with `has_probabilities` its probability and that of each class, else the outputs, of which there are `outputs`.
    Where `classes` is None, predictions are that many numbers. `targets` is how many targets a sample has, if any.
    """

    samples: Sequence[str]
    classes: Sequence[str] | None
    has_probabilities: bool
    outputs: int
    targets: int = 0

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        names = [*self.samples, *_numbered("target", self.targets)]
        if self.classes is None:
            return [*names, *_numbered("prediction", self.outputs)]
        if self.has_probabilities:
            return [*names, "prediction", "probability", *(f"probability_{name}" for name in self.classes)]
        by_class = self.outputs == len(self.classes) and self.outputs > 1
        return [
            *names,
            "prediction",
            *([f"output_{name}" for name in self.classes] if by_class else _numbered("output", self.outputs)),
        ]

    def rows(
        self, names: Sequence[Sequence[object]], targets: Array | None, predictions: Array, scores: Array | None
    ) -> Iterator[tuple[object, ...]]:
        """The lines of samples: their names in a list each column, targets and predictions as they are written, and
        the scores (N, ...), probabilities or outputs, where there are classes."""
        columns = [*names]
        for values in (targets, predictions):
            columns += [] if values is None else list(values.reshape(len(values), -1).T.tolist())
        if scores is not None:
            flat = scores.reshape(len(scores), -1)
            if self.has_probabilities:
                columns.append(flat.max(axis=1).tolist())
            columns += flat.T.tolist()
        return zip(*columns, strict=True)


def write_predictions(
    path: Path, columns: PredictionColumns, rows: Iterable[Sequence[object]], other: str = SAVE_DIR
) -> int:
    """Write a CSV of these lines, whole or not at all; returns how many. Raises WriteError, which advises `other`."""
    if path.exists() and not path.is_file():  # a device or a pipe, which nothing may take the place of
        with opened(path, "wb", other) as file:
            return _write(file, columns, rows)
    with replacing(path, other) as file:
        return _write(file, columns, rows)


def _write(file: BinaryIO, columns: PredictionColumns, rows: Iterable[Sequence[object]]) -> int:
    text, count = io.TextIOWrapper(file, "utf-8", errors="surrogateescape", newline=""), 0
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns.header)
    for row in rows:
        writer.writerow(row)
        count += 1
    text.detach()  # which writes what is left, and leaves the file open
    return count


def prediction_table(columns: PredictionColumns, rows: Iterable[Sequence[object]], width: int = COLUMNS) -> str:
    """Lines of predictions without targets for the console, of the columns those that fit beside each other."""
    header = columns.header
    shown = len(header) if columns.classes is None else len(columns.samples) + 1 + columns.has_probabilities
    cells = [header[:shown], *([_cell(value) for value in row[:shown]] for row in rows)]
    while len(cells[0]) > len(columns.samples) + 1 and _table_width(cells) > width:
        cells = [row[:-1] for row in cells]
    return _table(cells)


def _cell(value: object) -> str:
    text = f"{value:.4f}" if isinstance(value, float) and abs(value) <= 1 else _number(value)
    return printable(text, keep="")


def _number(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _numbered(name: str, count: int) -> list[str]:
    return [name] * count if count < 2 else [f"{name}_{number}" for number in range(count)]


def sample_table(
    names: Sequence[str], inputs: Array, targets: Array, outputs: Array, predictions: Array | None,
    classes: Sequence[str] | None, marks: str, width: int = COLUMNS,
) -> str:  # fmt: skip
    """A line for each sample: name, input, target, prediction, the network's output, and the mark of right or wrong.

    `marks` holds the two. Without classes, where `predictions` are None, the output is the prediction, without a mark.

    >>> points, labels, outputs = np.array([[0.0, 0.1], [1.0, 1.0]]), np.array([0, 1]), np.array([[0.25], [0.125]])
    >>> print(sample_table(["0", "1"], points, labels, outputs, np.array([0, 0]), ("no", "yes"), "+-"))
    sample  input  target  prediction  output
         0  0 0.1  no      no          0.25    +
         1  1 1    yes     no          0.125   -
    """
    for shown in range(_SHOWN, 0, -1):
        rows = _rows(names, inputs, targets, outputs, predictions, classes, marks, shown)
        if _table_width(rows) <= width:
            break
    if _table_width(rows) > width:  # what was put in goes before what came of it
        rows = [[row[0], *row[2:]] for row in rows]
    return _table(rows)


def _rows(
    names: Sequence[str], inputs: Array, targets: Array, outputs: Array, predictions: Array | None,
    classes: Sequence[str] | None, marks: str, shown: int,
) -> list[list[str]]:  # fmt: skip
    rows = [["sample", "input", "target", "prediction"]]
    if predictions is None or classes is None:
        for name, *row in zip(names, inputs, targets, outputs, strict=True):
            rows.append([elided(name, _LONGEST_SAMPLE), *(_numbers(values, shown) for values in row)])
        return rows
    rows[0] += ["output", ""]
    for name, x, t, p, y in zip(names, inputs, targets, predictions, outputs, strict=True):
        named = [elided(classes[one], _LONGEST_NAME) for one in (t, p)]
        rows.append(
            [elided(name, _LONGEST_SAMPLE), _numbers(x, shown), *named, _numbers(y, shown), marks[0 if t == p else 1]]
        )
    return rows


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join([padded(row[0], widths[0], True), *map(padded, row[1:], widths[1:])]) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _table_width(rows: list[list[str]]) -> int:
    return max(map(text_width, _table(rows).splitlines()))


def _numbers(values: Array, shown: int) -> str:
    flat = np.ravel(values)
    return " ".join([f"{value:.4g}" for value in flat[:shown].tolist()] + ["..."] * (len(flat) > shown))
