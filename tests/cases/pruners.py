"""The pruners; a new one is one row."""

from typing import Any

from tests.cases.case import Case

CASES = [
    Case("MedianPruner", {"n_startup_trials": 2, "n_warmup_steps": 1, "interval_steps": 2}),
    Case("SuccessiveHalvingPruner", {"min_resource": 2, "reduction_factor": 3, "min_early_stopping_rate": 1}),
    Case("HyperbandPruner", {"min_resource": 2, "reduction_factor": 2}),
]

# Type, arguments, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("MedianPruner", {"interval_steps": 0}, "interval_steps: expected a whole number of at least 1, got 0"),
    ("SuccessiveHalvingPruner", {"reduction_factor": 1}, "reduction_factor: expected a whole number of at least 2"),
    ("HyperbandPruner", {"min_resource": 0}, "min_resource: expected a whole number of at least 1, got 0"),
]
