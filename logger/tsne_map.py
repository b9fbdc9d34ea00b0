"""The points of a t-SNE map, in memory and in a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path

import numpy as np

from base.types import Array
from utils.files import opened, read_plain

_COLUMNS = ("x", "y", "target", "sample", "data", "layer")
_NAME = re.compile(r"tsne-epoch-(\d+)\.csv")


@dataclass(frozen=True)
class TsneMap:
    """A t-SNE map: `points` (N, 2) and `targets` (N,), class indices or numbers, of the `samples` (N,) of `data`
    ("validation" ...) as `layer` sees them.
    """

    points: Array
    targets: Array
    samples: Array
    data: str
    layer: str

    def is_of(self, samples: Array, data: str, layer: str) -> bool:
        """True if it shows these samples of these data and this layer, as others that it is compared with do."""
        return (self.data, self.layer) == (data, layer) and np.array_equal(self.samples, samples)

    def write(self, path: Path, classes: Sequence[str] | None) -> None:
        """Write a CSV with a line for each sample, whose target is the name of its class. Raises WriteError."""
        numbers = self.targets.tolist()
        names = numbers if classes is None else [classes[target] for target in numbers]
        with opened(path, "wb") as binary, TextIOWrapper(binary, encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_COLUMNS)
            for (x, y), name, sample in zip(self.points.tolist(), names, self.samples.tolist(), strict=True):
                writer.writerow((x, y, name, sample, self.data, self.layer))


def epoch_file(epoch: int) -> str:
    """The name of an epoch's map, without its ending."""
    return f"tsne-epoch-{epoch:04d}"


def read_map(path: Path, classes: Sequence[str] | None) -> TsneMap | None:
    """The map in a file; None where it is not such a file, or one with other classes."""
    try:
        rows = list(csv.DictReader(StringIO(read_plain(path).decode(), newline="")))
        numbers = {name: float(number) for number, name in enumerate(classes or ())}
        targets = [float(row["target"]) if classes is None else numbers[row["target"]] for row in rows]
        return TsneMap(
            np.array([(float(row["x"]), float(row["y"])) for row in rows]),
            np.array(targets) if classes is None else np.array(targets, np.int64),
            np.array([int(row["sample"]) for row in rows]),
            rows[0]["data"],
            rows[0]["layer"],
        )
    except (OSError, ValueError, LookupError, TypeError, csv.Error):
        return None


def read_maps(folder: Path, classes: Sequence[str] | None, last: int) -> dict[int, TsneMap]:
    """The maps of a run by epoch, up to the epoch `last`."""
    files = {int(found[1]): path for path in folder.glob("tsne-epoch-*.csv") if (found := _NAME.fullmatch(path.name))}
    maps = {epoch: read_map(files[epoch], classes) for epoch in sorted(files) if epoch <= last}
    return {epoch: found for epoch, found in maps.items() if found is not None}
