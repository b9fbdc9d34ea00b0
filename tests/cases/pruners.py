"""The pruners; a new one is one row."""

from tests.cases.case import Case

CASES = [
    Case("MedianPruner", {"n_startup_trials": 2, "n_warmup_steps": 1, "interval_steps": 2}),
    Case("SuccessiveHalvingPruner", {"min_resource": 2, "reduction_factor": 3, "min_early_stopping_rate": 1}),
    Case("HyperbandPruner", {"min_resource": 2, "reduction_factor": 2}),
]
