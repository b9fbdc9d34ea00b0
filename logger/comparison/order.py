"""In which order runs are listed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from base.errors import UserError
from logger.comparison.better import more_is_better
from logger.comparison.run import Run
from utils.config.messages import unknown

_PLAIN = ("date", "name", "seconds")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def in_order(runs: Sequence[Run], by: str) -> list[Run]:
    """Runs by date (newest first), name, seconds (fewest first), or a figure (best first); those without it come last.

    `by` may be "min FIGURE" or "max FIGURE"; else runs that watch the figure, or its name, say which is better. Raises
    UserError where no run has such a metric.
    """
    if by == "name":
        return sorted(runs, key=lambda run: (run.name, run.run_id))
    if by == "date":
        return sorted(runs, key=lambda run: run.started or _LONG_AGO, reverse=True)
    if by == "seconds":
        return sorted(runs, key=lambda run: math.inf if run.seconds is None else run.seconds)
    metric = sorted_figure(by) or ""
    known = list(dict.fromkeys(name for run in runs for name in run.figures))
    if metric not in known:
        raise UserError(f"--sort {by}: {unknown('no run has such a metric', metric, [*_PLAIN, *known], 'There are')}")
    sign = -1 if _more_is_better(by, runs) else 1
    return sorted(runs, key=lambda run: _last_if_nan(sign * run.figures.get(metric, math.nan)))


def sorted_figure(by: str) -> str | None:
    """The figure that runs are sorted by; None where they are sorted by something else."""
    return None if by in _PLAIN else by.removeprefix("min ").removeprefix("max ").strip()


def _more_is_better(by: str, runs: Sequence[Run]) -> bool:
    return by.startswith("max ") or (not by.startswith("min ") and more_is_better(by, runs))


def _last_if_nan(value: float) -> tuple[bool, float]:
    return (True, 0.0) if math.isnan(value) else (False, value)
