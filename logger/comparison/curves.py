"""Curves of several runs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from base.base_trainer import Record
from logger.figures import metric_names
from logger.pictures.style import CLASS_COLORS, LINES

MOST_RUNS = 30
_MOST_FIGURES = 3
_LONG = 20  # epochs
SPLITS = (("val_", "validation"), ("", "training"))


@dataclass(frozen=True)
class Curve:
    """A run to be drawn: a label that tells it from the others, and its epochs.

    `look` counts colours first, and line styles where colours have to be used again.
    """

    label: str
    records: Sequence[Record]
    look: int

    @property
    def hue(self) -> int:
        """The place of its colour among CLASS_COLORS."""
        return self.look % len(CLASS_COLORS)

    @property
    def color(self) -> str:
        """Its colour."""
        return CLASS_COLORS[self.hue]

    @property
    def line(self) -> str:
        """Its line style, as Matplotlib writes it."""
        return LINES[self.look // len(CLASS_COLORS) % len(LINES)]

    def points(self, metric: str) -> list[tuple[float, float]]:
        """Epochs and values of a figure, nan where there is none."""
        if not any(metric in record for record in self.records):
            return []
        return [(record["epoch"], record.get(metric, math.nan)) for record in self.records]


def value_range(curves: Sequence[Curve], metric: str) -> tuple[float, float] | None:
    """Between which values to draw a figure: of long runs those after the first tenth, where runs can be told apart."""
    points = [point for curve in curves for point in curve.points(metric) if math.isfinite(point[1])]
    last = max((epoch for epoch, _ in points), default=0)
    start = last / 10 if last >= _LONG else 0
    values = [value for epoch, value in points if epoch > start]
    return (min(values), max(values)) if values else None


def panels_of(curves: Sequence[Curve]) -> list[list[tuple[str, str]]]:
    """Rows of figures with their titles, validation above training: the loss, and the metrics that most runs have."""
    count = Counter(name for curve in curves for name in {name for record in curve.records for name in _names(record)})
    order = list(dict.fromkeys(name for curve in curves for record in curve.records for name in _names(record)))
    metrics = sorted(order, key=lambda name: -count[name])
    names = ["loss", *metrics][:_MOST_FIGURES]
    rows = [[(prefix + name, f"{split} {name}") for name in names] for prefix, split in SPLITS]
    return [row for row in rows if any(curve.points(metric) for curve in curves for metric, _ in row)]


def _names(record: Record) -> list[str]:
    """The metrics of an epoch, also where only validation has them."""
    return metric_names(name.removeprefix("val_") for name in record)
