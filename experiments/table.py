"""A study as a table: what was published, what the same setting gives here, and ours at its best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.measured import Measured, MeasuredReport
from experiments.report import Row
from experiments.runs import Outcome
from experiments.statistics import differ, half_width, is_beyond_noise
from logger.figures import figure_text


def table(measured: MeasuredReport, rows: Sequence[Measured]) -> str:
    """The table of a study."""
    return "\n".join([*_head(measured, rows), *(_line(measured, rows, row) for row in rows)])


def noted(rows: Sequence[Measured]) -> list[tuple[int, Row]]:
    """The rows that have a note, by its number."""
    return list(enumerate((row.row for row in rows if row.row.note), start=1))


def _figures(measured: MeasuredReport, rows: Sequence[Measured]) -> list[str]:
    """The figures that these rows have."""
    return [name for name in measured.report.figures if any(measured.at_best(row, name) for row in rows)]


def _head(measured: MeasuredReport, rows: Sequence[Measured]) -> list[str]:
    titles = ["setting"]
    for name in _figures(measured, rows):
        titles += [f"{name}: published", "here", "difference"] if _is_published(name, rows) else [f"{name}: here"]
    titles += ["to the first row"] if len(rows) > 1 else []
    titles += [f"ours at its best: {name}" for name in _figures(measured, rows)]
    titles += ["difference to published"]
    return ["| " + " | ".join(titles) + " |", "|---" + "|---:" * (len(titles) - 1) + "|"]


def _line(measured: MeasuredReport, rows: Sequence[Measured], row: Measured) -> str:
    cells = [row.row.setting + _mark(rows, row)]
    for name in _figures(measured, rows):
        published, here = row.row.published.get(name), measured.here(row, name)
        if _is_published(name, rows):
            cells += ["" if published is None else figure_text(published), _mean(here, row.same)]
            cells.append(_difference(here, published))
        else:
            cells.append(_mean(here, row.same))
    counted = measured.counted
    if len(rows) > 1:
        first, here = measured.here(rows[0], counted), measured.here(row, counted)
        shown = row is not rows[0] and first and here
        cells.append(_signed(float(np.mean(here) - np.mean(first)), differ(first, here)) if shown else "")
    cells += [_mean(measured.at_best(row, name), row.best) for name in _figures(measured, rows)]
    cells.append(_difference(measured.at_best(row, counted), row.row.published.get(counted)))
    return "| " + " | ".join(cells) + " |"


def _is_published(name: str, rows: Sequence[Measured]) -> bool:
    return any(name in row.row.published for row in rows)


def _mean(values: Sequence[float], runs: Sequence[Outcome]) -> str:
    """The mean of those runs whose numbers stayed finite, and how many did not."""
    failed = sum(run.failure is not None for run in runs)
    lost = ["not finite" if failed == 1 == len(runs) else f"not finite: {failed} of {len(runs)}"] if failed else []
    if not values:
        return "".join(lost)
    width = half_width(values)
    mean = figure_text(float(np.mean(values))) + ("" if width is None else f" ± {width:.4f}")
    return ", ".join([mean, *lost])


def _difference(values: Sequence[float], published: float | None) -> str:
    if published is None or not values:
        return ""
    return _signed(float(np.mean(values) - published), is_beyond_noise(values, published))


def _signed(difference: float, certain: bool) -> str:
    text = f"{difference:+.4f}"
    return f"**{text}**" if certain else text


def _mark(rows: Sequence[Measured], row: Measured) -> str:
    return next((f" <sup>{number}</sup>" for number, one in noted(rows) if one is row.row), "")
