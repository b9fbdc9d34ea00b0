"""A report's rows as a table: what was published, what the same setting gives here, and ours at its best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from logger.figures import figure_text
from utils.experiments.report import Report, Row
from utils.experiments.runs import Outcome


@dataclass(frozen=True)
class Measured:
    """A row with the run of its setting, and those of ours at its best, one a seed."""

    row: Row
    same: Outcome
    best: Sequence[Outcome]


def markdown(report: Report, rows: Sequence[Measured]) -> str:
    """The page of a report."""
    notes = [f"{_superscript(number)} {row.note}" for number, row in _noted(report)]
    table = "\n".join([*_head(report), *(_line(report, measured) for measured in rows)])
    return "\n\n".join([f"# {report.title}", report.about.strip(), table, *notes]) + "\n"


def shortfalls(report: Report, rows: Sequence[Measured]) -> list[str]:
    """Where ours at its best is below what was published."""
    found = []
    for measured in rows:
        published, ours = measured.row.published.get("accuracy"), _best(report, measured)
        if published is not None and (ours is None or ours < published):
            found.append(f"{measured.row.study}, {measured.row.setting}: {ours} is below {published}")
    return found


def _head(report: Report) -> list[str]:
    names = list(report.figures)
    titles = ["study", "setting"]
    titles += [f"{name}, {whose}" for name in names for whose in ("published", "here", "difference")]
    titles += ["ours at its best", "time"]
    return ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]


def _line(report: Report, measured: Measured) -> str:
    row, cells = measured.row, [measured.row.study, measured.row.setting + _mark(report, measured.row)]
    for name, figure in report.figures.items():
        published, here = row.published.get(name), _figure(report, measured.same, figure)
        difference = "" if published is None or here is None else f"{here - published:+.4f}"
        cells += [_text(published), _text(here) if here is not None else _failure(measured.same), difference]
    cells += [_spread(report, measured.best), f"{measured.same.seconds:.0f} s"]
    return "| " + " | ".join(cells) + " |"


def _figure(report: Report, outcome: Outcome, figure: str) -> float | None:
    return (outcome.last if report.at == "last" else outcome.best).get(figure)


def _best(report: Report, measured: Measured) -> float | None:
    figures = [outcome.best.get(report.figures["accuracy"]) for outcome in measured.best]
    known = [figure for figure in figures if figure is not None]
    return float(np.mean(known)) if known else None


def _spread(report: Report, outcomes: Sequence[Outcome]) -> str:
    figures = [outcome.best[report.figures["accuracy"]] for outcome in outcomes if outcome.best]
    if not figures:
        return "not finite"
    several = f" ± {np.std(figures, ddof=1):.4f}, {len(figures)} seeds" if len(figures) > 1 else ""
    return f"{np.mean(figures):.4f}{several}"


def _text(value: float | None) -> str:
    return "" if value is None else figure_text(value)


def _failure(outcome: Outcome) -> str:
    return "not finite" if outcome.failure else ""


def _noted(report: Report) -> list[tuple[int, Row]]:
    return list(enumerate((row for row in report.rows if row.note), start=1))


def _mark(report: Report, row: Row) -> str:
    return next((f" {_superscript(number)}" for number, noted in _noted(report) if noted is row), "")


def _superscript(number: int) -> str:
    return f"<sup>{number}</sup>"
