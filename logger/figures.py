"""How the figures of an epoch are named and written."""

import math
from collections.abc import Iterable, Mapping

_NOT_METRICS = {"epoch", "step", "loss", "penalty", "lr", "seconds"}
_PREFIXES = ("val_", "test_")


def metric_names(figures: Iterable[str]) -> list[str]:
    """The names of the metrics among the keys of a record, in the record's order.

    >>> metric_names(["epoch", "step", "loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds"])
    ['accuracy']
    """
    return [name for name in figures if name not in _NOT_METRICS and not name.startswith(_PREFIXES)]


def figure_text(value: float) -> str:
    """A figure in few characters: four decimals, or three digits where those would say too little or too much.

    >>> [figure_text(value) for value in (0.96125, 0, 1.5e-5, 1234.5)]
    ['0.9613', '0.0000', '1.5e-05', '1.23e+03']
    """
    plain = value == 0 or 1e-3 <= abs(value) < 1000
    return f"{value:.4f}" if plain else f"{value:.3g}"


def finite_or_none(figures: Mapping[str, float]) -> dict[str, float | None]:
    """Figures as JSON can hold them: null for nan and the infinite."""
    return {name: value if math.isfinite(value) else None for name, value in figures.items()}
