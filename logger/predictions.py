"""What a model said about every sample of a test."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from base.types import Array
from logger.files import writing


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
    with writing(path), path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(zip(*(column.tolist() for column in columns), strict=True))
