"""A report's rows with the runs behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.report import PublishedReport, Row, Study
from experiments.runs import Outcome
from experiments.searches import Found


@dataclass(frozen=True)
class Measured:
    """A row with the runs of its setting, and those of ours at its best, one a seed."""

    row: Row
    same: Sequence[Outcome]
    best: Sequence[Outcome]


@dataclass(frozen=True)
class MeasuredReport:
    """A report, its rows study by study, all runs by config and seed, and its search if it has one."""

    name: str
    report: PublishedReport
    rows: Sequence[Sequence[Measured]]
    outcomes: Mapping[tuple[str, int], Outcome]
    found: Found | None = None

    @property
    def studies(self) -> list[tuple[Study, Sequence[Measured]]]:
        """Each study with its rows."""
        return list(zip(self.report.studies, self.rows, strict=True))

    @property
    def seconds(self) -> float:
        """Total seconds of training."""
        return sum(outcome.seconds for outcome in self.outcomes.values())

    @property
    def counted(self) -> str:
        """The figure that counts, by its published name."""
        return next(iter(self.report.figures))

    def here(self, measured: Measured, name: str) -> list[float]:
        """A published figure as measured, with those seeds whose numbers stayed finite."""
        chosen = [run.last if self.report.at == "last" else run.best for run in measured.same if not run.failure]
        return _known(chosen, self.report.figures[name])

    def at_best(self, measured: Measured, name: str) -> list[float]:
        """The same of ours at its best."""
        return _known([run.best for run in measured.best if not run.failure], self.report.figures[name])

    def shortfalls(self) -> list[str]:
        """The rows in which ours at its best is below the published result."""
        found = []
        for study, rows in self.studies:
            for measured in rows:
                published, ours = measured.row.published.get(self.counted), self.at_best(measured, self.counted)
                if published is not None and (not ours or np.mean(ours) < published):
                    metric = f"{np.mean(ours):.4f}" if ours else "nothing"
                    found.append(f"{study.name}, {measured.row.setting}: {metric} is below {published}")
        return found


def _known(records: Sequence[Mapping[str, float]], metric: str) -> list[float]:
    return [record[metric] for record in records if metric in record]
