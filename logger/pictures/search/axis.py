"""A setting as an axis of a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axis import Axis as PictureAxis

_LONGEST = 28


@dataclass(frozen=True)
class Setting:
    """What was tried for one key: numbers, perhaps in a logarithm or only at steps, or one of `labels`."""

    name: str
    labels: Sequence[Any] | None = None
    log: bool = False
    stepped: bool = False

    def place(self, value: Any) -> float:
        """Where a value stands: its number, the number's logarithm, or the place of its label."""
        if self.labels is not None:
            return float(list(self.labels).index(value))
        return math.log10(value) if self.log else float(value)

    def ticks(self, low: float, high: float) -> list[tuple[float, str]]:
        """Some places between two, with their words."""
        if self.labels is not None:
            return [(float(place), short(str(label))) for place, label in enumerate(self.labels)]
        return [(place, f"{10**place if self.log else place:.3g}") for place in np.linspace(low, high, 5).tolist()]

    def mark(self, axis: PictureAxis, low: float, high: float) -> None:
        """Put the ticks and the name on an axis of a picture."""
        places = self.ticks(low, high)
        axis.set_ticks([place for place, _ in places], labels=[words for _, words in places])
        axis.set_label_text(short(self.name))


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
