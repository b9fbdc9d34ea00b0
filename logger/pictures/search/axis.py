"""A setting as an axis of a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from logger.pictures.text import shortened

_LONGEST = 28
_MOST_STEPS = 6


@dataclass(frozen=True)
class SettingAxis:
    """The values tried for one key: numbers, perhaps in a logarithm or only at steps, or one of `labels`."""

    name: str
    labels: Sequence[Any] | None = None
    log: bool = False
    stepped: bool = False

    def place(self, value: Any) -> float:
        """The position of a value on the axis: its number, the number's logarithm, or the index of its label."""
        if self.labels is not None:
            return float(list(self.labels).index(value))
        return math.log10(value) if self.log else float(value)

    def label_texts(self) -> list[str]:
        """The labels as they are shown."""
        return [shortened(str(label), _LONGEST) for label in self.labels or ()]

    def ticks(self, places: Sequence[float]) -> list[tuple[float, str]]:
        """Some places along an axis that has these, with their words; all of them where they are few steps."""
        if self.labels is not None:
            return [(float(place), label) for place, label in enumerate(self.label_texts())]
        distinct = np.unique(places)
        if len(distinct) > (_MOST_STEPS if self.stepped else 1):
            distinct = np.linspace(distinct[0], distinct[-1], 5)
        return [(place, self.words(place)) for place in distinct.tolist()]

    def words(self, place: float) -> str:
        """The number that stands at a place."""
        value = 10**place if self.log else place
        return f"{value:.0f}" if 1000 <= abs(value) < 100_000 else f"{value:.3g}"


@dataclass(frozen=True)
class Tried:
    """A setting that was tried, in the order of beginning; `done` says that it was not ended early."""

    number: int
    value: float
    done: bool
    params: dict[str, Any]


def short(text: str) -> str:
    """A key by its last words."""
    return text if len(text) <= _LONGEST else f"...{text[-_LONGEST + 3 :]}"
