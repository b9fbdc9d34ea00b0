"""Scores of each class, from validation.json or test.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from base.types import Array
from logger.figures import figure_text
from model.confusion import Confusion
from utils.config.messages import cut

MOST_CLASSES = 100  # whose table a page has room for
_MOST_CONFUSIONS, _MOST_MISTAKES, _LONGEST_NAME = 5, 24, 40


@dataclass(frozen=True)
class Cell:
    """A cell of the confusion matrix: its count, and its shade from 0 to 1."""

    count: int
    shade: float


@dataclass(frozen=True)
class Class:
    """A class: its row of the matrix, and its figures; `row` is empty where there are too many classes to show."""

    name: str
    row: tuple[Cell, ...]
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class WrongPrediction:
    """A sample by its number and as text, and what was said of it."""

    number: int
    sample: str
    target: str
    prediction: str
    probability: str


@dataclass(frozen=True)
class Classes:
    """The classes on one part of the data, and what was most often taken for what."""

    data: str
    note: str
    classes: tuple[Class, ...]
    confusions: tuple[tuple[str, str, int], ...]

    @property
    def count(self) -> int:
        """The number of classes."""
        return len(self.classes)

    @property
    def has_matrix(self) -> bool:
        """True if there are few enough for a table."""
        return self.count <= MOST_CLASSES

    @property
    def names_are_long(self) -> bool:
        """True if names above the columns must stand upright."""
        return max(len(one.name) for one in self.classes) > 3


def read_classes(held: Mapping[str, Any], data: str) -> Classes | None:
    """The classes that a file tells of; None where it tells of none, or in another form."""
    try:
        names = [_name(one) for one in held["classes"]]
        counts = np.array(held["confusion_matrix"], dtype=np.int64)
        if not names or counts.shape != (len(names), len(names)):
            return None
        return Classes(
            data=str(held.get("data", data)),
            note=_note(held, int(counts.sum())),
            classes=_classes(names, counts),
            confusions=_confusions(names, counts),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def read_mistakes(held: Mapping[str, Any]) -> list[WrongPrediction]:
    """Single mistakes, or of numbers the largest errors, the worst first; none where the file tells of none."""
    try:
        return [_mistake(one) for one in held["mistakes"][:_MOST_MISTAKES]]
    except (KeyError, TypeError, ValueError, AttributeError):
        return []


def _classes(names: Sequence[str], counts: Array) -> tuple[Class, ...]:
    confusion = Confusion(counts)
    columns = (confusion.precision(), confusion.recall(), confusion.f1(), confusion.actual)
    figures = zip(*(column.tolist() for column in columns), strict=True)
    rows = _rows(counts) if len(names) <= MOST_CLASSES else [()] * len(names)
    return tuple(Class(name, row, *one) for name, row, one in zip(names, rows, figures, strict=True))


def _rows(counts: Array) -> list[tuple[Cell, ...]]:
    """Shades are shares of the row; those of mistakes, which are small beside hits, by the root of the largest."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = shares - np.diag(shares.diagonal())
    shades = np.sqrt(wrong / max(float(wrong.max()), 1e-12)) + np.diag(shares.diagonal())
    return [
        tuple(Cell(count, round(shade, 3)) for count, shade in zip(*row, strict=True))
        for row in zip(counts.tolist(), shades.tolist(), strict=True)
    ]


def _confusions(names: Sequence[str], counts: Array) -> tuple[tuple[str, str, int], ...]:
    wrong = counts - np.diag(counts.diagonal())
    order = np.argsort(-wrong, axis=None, kind="stable")[:_MOST_CONFUSIONS]
    pairs = [divmod(int(place), len(names)) for place in order]
    return tuple((names[row], names[column], int(wrong[row, column])) for row, column in pairs if wrong[row, column])


def _name(one: Any) -> str:
    return cut(str(one["name"] if isinstance(one, Mapping) else one), _LONGEST_NAME)


def _mistake(one: Mapping[str, Any]) -> WrongPrediction:
    return WrongPrediction(
        int(one["sample"]),
        cut(str(one.get("name", one["sample"])), _LONGEST_NAME),
        _shown(one["target"]),
        _shown(one["prediction"]),
        _shown(one["probability"]),
    )


def _shown(value: object) -> str:
    """A class's name or a number; nothing where it is not known."""
    return "" if value is None else figure_text(value) if isinstance(value, float) else _name(value)


def _note(held: Mapping[str, Any], samples: int) -> str:
    """The number of samples, and of which epoch the network was, in which checkpoint, and when it was tested."""
    told = [("the network after epoch {}", held.get("epoch")), ("{}", held.get("checkpoint")), ("{}", held.get("time"))]
    known = [text.format(str(value)[:100]) for text, value in told if value is not None]
    return ", ".join([f"{samples:,} samples", *known])
