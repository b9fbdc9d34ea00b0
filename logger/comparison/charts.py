"""The curves of several runs as charts, such as those of a run's own page."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from logger.comparison.curves import Curve, panels_of, value_range
from logger.report.charts import Chart, Series, is_wide, thinned

_BESIDE = {"penalty": "penalty", "lr": "learning rate", "seconds": "seconds an epoch"}
_DASHES: dict[str, tuple[int, ...]] = {"-": (), "--": (7, 3), ":": (2, 3), "-.": (8, 3, 2, 3)}


def comparison_charts(curves: Sequence[Curve]) -> list[Chart]:
    """A chart for each figure of which a run has a number, with a line for each run."""
    figures = [figure for row in panels_of(curves) for figure in row]
    charts = [_chart(metric, title, curves, value_range(curves, metric)) for metric, title in figures]
    charts += [_chart(name, title, curves, None) for name, title in _BESIDE.items()]
    return thinned([chart for chart in charts if chart.series])


def look(curve: Curve, values: np.ndarray) -> Series:
    """A run's line with its colour and strokes."""
    return Series(curve.label, curve.hue, values, _DASHES[curve.line])


def _chart(metric: str, title: str, curves: Sequence[Curve], shown: tuple[float, float] | None) -> Chart:
    held = [(curve, dict(curve.points(metric))) for curve in curves]
    known = [(curve, points) for curve, points in held if any(map(math.isfinite, points.values()))]
    epochs = np.array(sorted({epoch for _, points in known for epoch in points}))
    series = tuple(
        look(curve, np.array([points.get(epoch, math.nan) for epoch in epochs.tolist()], float))
        for curve, points in known
    )
    is_log = bool(series) and metric.endswith("loss") and is_wide(series)
    return Chart(metric, title, "", "epoch", epochs, series, is_log, shown=shown)
