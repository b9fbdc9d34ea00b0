"""Runs in tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from logger.comparison.better import are_comparable, more_is_better
from logger.comparison.differences import ABSENT, UNKNOWN, Differences, short_names
from logger.comparison.run import Run
from logger.console import duration
from logger.figures import figure_text


@dataclass(frozen=True)
class Column:
    """A cell for each run under a title.

    Where not all columns fit, those of the highest `rank` are left out first. `best` are the runs to mark in it.
    """

    title: str
    cells: list[str]
    rank: int = 0
    is_number: bool = False
    best: frozenset[int] = frozenset()
    full_title: str = ""


def overview(runs: Sequence[Run], sorted_by: str | None = None) -> list[Column]:
    """The table of a list of runs, with the metric they are sorted by, or else the one that each run monitors."""
    dated = all(_has_date(run) for run in runs)
    metric = sorted_by if sorted_by not in ("date", "name", "seconds") else None
    return [
        Column("run", run_names(runs)),
        Column("date", _dates(runs), 0 if sorted_by == "date" and not dated else 9 if dated else 4),
        *state_columns(runs),
        *(_value_columns(runs, metric) if metric else watched_columns(runs)),
        *tested_columns(runs, but=metric),
        Column("time", [_time(run) for run in runs], 0 if sorted_by == "seconds" else 7, True),
    ]


def comparison(runs: Sequence[Run], differing: Differences) -> list[Column]:
    """The table of differences between runs and their results, a line for each run."""
    short = short_names(list(differing))
    return [
        Column("", [str(index) for index, _ in enumerate(runs, 1)], is_number=True),
        Column("run", run_names(runs)),
        *(Column(short[key], [_cut(cell, 20) for cell in cells], place + (2 if place < 3 else 10), full_title=key)
          for place, (key, cells) in enumerate(differing.items())),
        *watched_columns(runs),
        *tested_columns(runs, but=None),
        *state_columns(runs),
        Column("time", [_time(run) for run in runs], 7, True),
    ]  # fmt: skip


def details(runs: Sequence[Run]) -> list[Column]:
    """Everything that came of runs, for a table in which they stand side by side."""
    return [
        Column("run", run_names(runs)),
        Column("date", _dates(runs)),
        *state_columns(runs),
        Column("time", [_time(run) for run in runs], is_number=True),
        Column("best by", [run.monitor.metric or ABSENT for run in runs]),
        Column("best epoch", [_text(run.monitor.best_epoch) for run in runs], is_number=True),
        *(
            [
                Column(title, [run.files.tested[place] or ABSENT for run in runs])
                for place, title in enumerate(("tested", "tested on"))
            ]
            if any(run.files.test for run in runs)
            else []
        ),
        *(column for metric in figures_of(runs) for column in _value_columns(runs, metric)),
    ]


def figures_of(runs: Sequence[Run]) -> list[str]:
    """The figures of all runs: those that a run watches, then of validation, training and test."""
    watched = {run.monitor.metric for run in runs}
    names = dict.fromkeys(name for run in runs for name in run.figures)
    places = {name: (name not in watched, name.startswith("test_"), not name.startswith("val_")) for name in names}
    return sorted(names, key=lambda name: places[name])


def state_columns(runs: Sequence[Run]) -> list[Column]:
    """Columns of each run's progress and state."""
    texts = [f"{run.epoch}/{run.epochs or UNKNOWN}" for run in runs]
    lines = [text if run.state == "done" else f"{text} {run.state}" for text, run in zip(texts, runs, strict=True)]
    return [Column("done", lines, 6)]


def watched_columns(runs: Sequence[Run]) -> list[Column]:
    """The best value of the figure that each run watches; named in each line where they differ."""
    figures = {run.monitor.metric for run in runs if run.monitor.best is not None}
    epochs = Column("at", [_text(run.monitor.best_epoch) for run in runs], 8, True, full_title="best epoch")
    if len(figures) == 1:
        return [*_value_columns(runs, figures.pop()), epochs]
    values = [
        ABSENT if run.monitor.best is None else f"{run.monitor.metric} {figure_text(run.monitor.best)}" for run in runs
    ]
    return [Column("best", values), epochs]


def tested_columns(runs: Sequence[Run], but: str | None) -> list[Column]:
    """The accuracy on test data, or the loss where there is none, if any run was tested."""
    for metric in ("test_accuracy", "test_loss"):
        if any(metric in run.figures for run in runs):
            title = "test acc" if metric == "test_accuracy" else "test loss"
            return [] if metric == but else _value_columns(runs, metric, title, rank=1)
    return []


def run_names(runs: Sequence[Run]) -> list[str]:
    """Each run by its id, with the name before it where there are several."""
    several = len({run.name for run in runs}) > 1
    return [f"{run.name}/{run.run_id}" if several else run.run_id for run in runs]


def _value_columns(runs: Sequence[Run], metric: str, title: str = "", rank: int = 0) -> list[Column]:
    values = [run.figures.get(metric, math.nan) for run in runs]
    cells = [
        ABSENT if math.isnan(value) else f"{figure_text(value)}{_other_epoch(run, metric)}"
        for value, run in zip(values, runs, strict=True)
    ]
    known = [value for value in values if not math.isnan(value)]
    best: frozenset[int] = frozenset()
    holders = [run for run in runs if metric in run.figures]
    if len(set(known)) > 1 and are_comparable(metric, holders):
        chosen = (max if more_is_better(metric, runs) else min)(known)
        best = frozenset(place for place, value in enumerate(values) if value == chosen)
    return [Column(title or metric, cells, rank, True, best)]


def _other_epoch(run: Run, metric: str) -> str:
    """The epoch of a test score that is not of the best epoch, beside which it stands."""
    if not metric.startswith("test_") or run.tested_epoch == run.monitor.best_epoch:
        return ""
    return f" (epoch {UNKNOWN if run.tested_epoch is None else run.tested_epoch})"


def _dates(runs: Sequence[Run]) -> list[str]:
    """Start times; with the year only where it tells something."""
    one_year = len({run.started.year for run in runs if run.started}) == 1
    form = "%m-%d %H:%M" if one_year else "%Y-%m-%d %H:%M"
    return [run.started.strftime(form) if run.started else ABSENT for run in runs]


def _has_date(run: Run) -> bool:
    return run.started is not None and f"{run.started:%Y%m%d}" in run.run_id


def _time(run: Run) -> str:
    return ABSENT if run.seconds is None else duration(run.seconds)


def _text(value: object) -> str:
    return ABSENT if value is None else str(value)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
