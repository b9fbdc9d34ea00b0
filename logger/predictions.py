"""Predictions for every sample of a test, as text and CSV."""

import csv
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

import numpy as np

from base.types import Array
from logger.console import elided
from utils.files import opened

_SHOWN = 4  # numbers of an input or output that a line of the table shows at most
_COLUMNS, _LONGEST_NAME = 80, 14


def write_predictions(
    path: Path, targets: Array, predictions: Array, probabilities: Array | None, classes: Sequence[str] | None
) -> None:
    """Write a CSV with a line for each sample, numbered from 0 in the order of the data.

    For classes, `targets` and `predictions` (N,) are indices, written by name, and `probabilities` (N, K), where given,
    add that of the predicted class. Where `classes` is None both are numbers (N, ...), in a column each. Raises
    WriteError.
    """
    header, columns = ["index"], [np.arange(len(targets))]
    for name, values in (("target", targets), ("prediction", predictions)):
        flat = values.reshape(len(values), -1) if classes is None else np.array(classes)[values][:, None]
        header += [name] if flat.shape[1] == 1 else [f"{name}_{i}" for i in range(flat.shape[1])]
        columns += list(flat.T)
    if probabilities is not None:
        header.append("probability")
        columns.append(np.take_along_axis(probabilities, predictions[:, None], axis=1)[:, 0])
    with opened(path, "wb") as binary, TextIOWrapper(binary, encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(zip(*(column.tolist() for column in columns), strict=True))


def sample_table(
    inputs: Array, targets: Array, outputs: Array, predictions: Array | None, classes: Sequence[str] | None, marks: str
) -> str:
    """A line for each sample: input, target, prediction, the network's output, and the mark of right or wrong.

    `marks` holds the two. Without classes, where `predictions` are None, the output is the prediction, without a mark.

    >>> points, labels, outputs = np.array([[0.0, 0.1], [1.0, 1.0]]), np.array([0, 1]), np.array([[0.25], [0.125]])
    >>> print(sample_table(points, labels, outputs, np.array([0, 0]), ("no", "yes"), "+-"))
    sample  input  target  prediction  output
         0  0 0.1  no      no          0.25    +
         1  1 1    yes     no          0.125   -
    """
    for shown in range(_SHOWN, 0, -1):
        text = _table(_rows(inputs, targets, outputs, predictions, classes, marks, shown))
        if max(map(len, text.splitlines())) <= _COLUMNS:
            break
    return text


def _rows(
    inputs: Array, targets: Array, outputs: Array, predictions: Array | None, classes: Sequence[str] | None,
    marks: str, shown: int,
) -> list[list[str]]:  # fmt: skip
    rows = [["sample", "input", "target", "prediction"]]
    if predictions is None or classes is None:
        for i, row in enumerate(zip(inputs, targets, outputs, strict=True)):
            rows.append([str(i), *(_numbers(values, shown) for values in row)])
        return rows
    rows[0] += ["output", ""]
    for i, (x, t, p, y) in enumerate(zip(inputs, targets, predictions, outputs, strict=True)):
        named = [elided(classes[one], _LONGEST_NAME) for one in (t, p)]
        rows.append([str(i), _numbers(x, shown), *named, _numbers(y, shown), marks[0 if t == p else 1]])
    return rows


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join([row[0].rjust(widths[0]), *map(str.ljust, row[1:], widths[1:])]) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _numbers(values: Array, shown: int) -> str:
    flat = np.ravel(values)
    return " ".join([f"{value:.4g}" for value in flat[:shown].tolist()] + ["..."] * (len(flat) > shown))
