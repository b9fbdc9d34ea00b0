"""The samplers; a new one is one row."""

from typing import Any

from tests.cases.case import Case

CASES = [
    Case("GridSampler", {"seed": 1}),
    Case("RandomSampler", {"seed": 1}),
    Case("TPESampler", {"seed": 1, "n_startup_trials": 3}),
]

# Type, arguments, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("GridSampler", {"seed": -1}, "seed: expected a whole number of at least 0, got -1"),
    ("RandomSampler", {"seed": 0.5}, "seed: expected a whole number"),
    ("TPESampler", {"n_startup_trials": -1}, "n_startup_trials: expected a whole number of at least 0, got -1"),
]
