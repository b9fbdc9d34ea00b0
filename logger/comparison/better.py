"""The direction in which a metric improves."""

from __future__ import annotations

import json
from collections.abc import Sequence

from logger.comparison.run import Run

_SMALL = ("loss", "error", "penalty", "seconds", "lr")


def more_is_better(metric: str, runs: Sequence[Run]) -> bool:
    """True if larger is better: as a run that monitors the metric or its like says, else by its name."""
    for name in (metric, _base(metric)):
        for run in runs:
            watched = run.monitor.metric
            if run.monitor.mode in ("min", "max") and name in (watched, _base(watched)):
                return run.monitor.mode == "max"
    return not any(word in metric.split("_") for word in _SMALL)


def are_comparable(metric: str, runs: Sequence[Run]) -> bool:
    """True if a metric ranks runs: not for penalties, nor for values of different losses."""
    base = _base(metric)
    losses = {json.dumps(run.config["loss"], sort_keys=True) for run in runs if "loss" in run.config}
    return base != "penalty" and (base != "loss" or len(losses) <= 1)


def _base(metric: str) -> str:
    return metric.removeprefix("val_").removeprefix("test_")
