"""Names, text and scale of an epoch's metrics."""

import math
from collections.abc import Iterable, Mapping

import numpy as np

from base.types import Array

_NOT_METRICS = {"epoch", "step", "loss", "penalty", "lr", "seconds"}
_PREFIXES = ("val_", "test_")
_DECADE = 10


def metric_names(figures: Iterable[str]) -> list[str]:
    """The names of the metrics among the keys of a record, in the record's order.

    >>> metric_names(["epoch", "step", "loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds"])
    ['accuracy']
    """
    return [name for name in figures if name not in _NOT_METRICS and not name.startswith(_PREFIXES)]


def spans_a_decade(values: Array) -> bool:
    """True if positive values differ by more than a factor of ten, so that only a logarithmic scale shows all of them.

    >>> spans_a_decade(np.array([0.09, np.nan, 1])), spans_a_decade(np.array([0, 1]))
    (True, False)
    """
    finite = values[np.isfinite(values)]
    return bool(len(finite) and 0 < _DECADE * finite.min() < finite.max())


def figure_text(value: float) -> str:
    """A figure in six characters: four decimals or five digits; three digits of what is very small or large.

    >>> [figure_text(value) for value in (0.96125, 0, 1.5e-5, 12.5, 2885.2516, 1234567)]
    ['0.9613', '0.0000', '1.5e-05', '12.500', '2885.3', '1.23e+06']
    """
    size = abs(value)
    if 1 <= size < 99_999.5:
        return f"{value:#.5g}".rstrip(".")
    return f"{value:.4f}" if value == 0 or 1e-3 <= size < 1 else f"{value:.3g}"


def finite_or_none(figures: Mapping[str, float]) -> dict[str, float | None]:
    """Figures as JSON can hold them: null for nan and the infinite."""
    return {name: value if math.isfinite(value) else None for name, value in figures.items()}
