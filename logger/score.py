"""Scores of a classifier, class by class."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from base.errors import DataError
from base.types import Array
from logger.console import elided
from model.confusion import Confusion, no_counts
from utils.folding import fold, padded, text_width
from utils.screen import COLUMNS

_Z = 1.959964  # the normal distribution's 97.5 % point, for intervals of 95 %


@dataclass(frozen=True)
class ClassScore:
    """One class: precision, recall, F1, and how many samples are of it; 0 where a figure would divide by zero."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Score:
    """The score of a test: accuracy with its 95 % interval, each class, and how often which was taken for which.

    A row of `confusion` is a true class, a column what it was taken for.
    """

    n_samples: int
    accuracy: float
    interval: tuple[float, float]
    classes: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        """The score as plain values, for JSON."""
        return asdict(self)

    def accuracy_text(self, *more: str) -> str:
        """The accuracy with its interval, and what else stands behind it in brackets."""
        low, high = self.interval
        return f"accuracy {self.accuracy:.4f} ({', '.join([f'95 % interval {low:.4f} to {high:.4f}', *more])})"

    def text(self, columns: int = COLUMNS) -> str:
        """The score as a table, in narrow ones without precision and recall."""
        titles = ["precision", "recall", "    F1", "support"]
        if columns < 60:
            titles = titles[2:]
        room = columns - sum(len(title) + 2 for title in titles)
        names = [elided(one.name, room) for one in (*self.classes, self._mean())]
        width = max(map(text_width, ["class", *names]))
        lines = [fold(self.accuracy_text(f"{self.n_samples:,} samples"), columns), ""]
        lines.append("  ".join([padded("class", width), *titles]))
        for name, one in zip(names, (*self.classes, self._mean()), strict=True):
            cells = [f"{one.precision:9.4f}", f"{one.recall:6.4f}", f"{one.f1:6.4f}", f"{one.support:7,}"]
            lines.append("  ".join([padded(name, width), *cells[-len(titles) :]]))
        return "\n".join(lines)

    def _mean(self) -> ClassScore:
        figures = [(one.precision, one.recall, one.f1) for one in self.classes]
        precision, recall, f1 = np.mean(figures, axis=0).tolist()
        return ClassScore("mean", precision, recall, f1, self.n_samples)


def classification_score(predictions: Array, targets: Array, classes: Sequence[str]) -> Score:
    """The score of class indices (N,) against the true ones (N,). Raises DataError where there are no samples."""
    if len(targets) == 0:
        raise DataError("there are no samples to score: the test data are empty")
    confusion = Confusion(no_counts(len(classes)))
    confusion.add(predictions, targets)
    columns = (confusion.precision(), confusion.recall(), confusion.f1(), confusion.actual)
    figures = zip(classes, *(column.tolist() for column in columns), strict=True)
    right, samples = int(confusion.hits.sum()), len(targets)
    rows = tuple(map(tuple, confusion.counts.tolist()))
    interval = wilson_interval(right, samples)
    return Score(samples, right / samples, interval, tuple(ClassScore(*one) for one in figures), rows)


def wilson_interval(right: int, samples: int) -> tuple[float, float]:
    """The 95 % interval of a share, sound also near 0 and 1.

    With share p and z = 1.96: (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). See Wilson, "Probable
    inference, the law of succession, and statistical inference", 1927.

    >>> [round(bound, 4) for bound in wilson_interval(81, 263)]
    [0.2553, 0.3662]
    """
    share, square = right / samples, _Z**2 / samples
    centre = share + square / 2
    half = _Z * math.sqrt(share * (1 - share) / samples + square / (4 * samples))
    return max(0.0, (centre - half) / (1 + square)), min(1.0, (centre + half) / (1 + square))
