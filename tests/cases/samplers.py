"""The samplers; a new one is one row."""

from tests.cases.case import Case

CASES = [
    Case("GridSampler", {"seed": 1}),
    Case("RandomSampler", {"seed": 1}),
    Case("TPESampler", {"seed": 1, "n_startup_trials": 3}),
]
