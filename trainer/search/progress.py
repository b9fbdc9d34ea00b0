"""Progress of a search: a line for each setting that ends, and for work under way."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from logger.console import duration
from logger.figures import figure_text
from trainer.search.numbering import newest_trials
from trainer.search.plan import SearchPlan
from trainer.search.results import Result, best_of, results_of
from trainer.search.tables import result_text, setting_text, write_tables
from utils.folding import fold
from utils.screen import Layout, columns

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

LOG = logging.getLogger(__name__)

_SHORT_FORMAT, _NARROW = "{desc}: {n_fmt}/{total_fmt}, {elapsed}", 72
_INDENT = 13  # of what follows a setting's first line
_BAR_SECONDS, _LINE_SECONDS, _TABLE_SECONDS = 0.5, 30.0, 10.0


class SearchProgress:
    """A bar on stderr where that is a terminal; elsewhere a line every half minute beside those of settings."""

    def __init__(self, plan: SearchPlan, before: Sequence[Result]) -> None:
        from tqdm import tqdm

        self.plan = plan
        self._shown = {result.setting for result in before}
        width = columns(sys.stderr)
        self._bar = tqdm(
            total=plan.limit, initial=len(before), desc="settings", file=sys.stderr, leave=False, disable=None,
            ncols=width, nrows=20,
            bar_format="{desc}: {n_fmt}/{total_fmt} |{bar}| {elapsed}{postfix}" if width >= _NARROW else _SHORT_FORMAT,
        )  # fmt: skip
        self._due = self._tables_due = 0.0

    def __enter__(self) -> SearchProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.close()

    def show(self, trials: Sequence[FrozenTrial]) -> None:
        """Show the results that are new."""
        results, now = results_of(trials), time.monotonic()
        new = [result for result in results if result.setting not in self._shown]
        for result in new:
            self._shown.add(result.setting)
            LOG.info(Layout(partial(fold, self._line(result), indent=_INDENT)))
        if new and now >= self._tables_due:
            self._tables_due = now + _TABLE_SECONDS
            write_tables(self.plan, results)
        if now >= self._due:
            self._due = now + (_LINE_SECONDS if self._bar.disable else _BAR_SECONDS)
            self._refresh(results, trials)

    def _refresh(self, results: Sequence[Result], trials: Sequence[FrozenTrial]) -> None:
        best = best_of(results, self.plan.mode)
        working = ", ".join(
            f"{number} at {figure_text(trial.intermediate_values[trial.last_step])}" if trial.last_step else str(number)
            for number, trial in newest_trials(trials).items()
            if trial.state.name == "RUNNING"
        )
        at_best = "" if best is None else f"best {figure_text(best.value or 0.0)} (setting {best.setting})"
        state = "; ".join(filter(None, [at_best, working and f"at work: {working}"]))
        if self._bar.disable:
            total = f" of {self.plan.limit}" if self.plan.limit else ""
            LOG.info("%d%s settings are done%s", len(results), total, state and f", {state}")
        else:
            self._bar.n = len(results)
            self._bar.set_postfix_str(state)

    def _line(self, result: Result) -> str:
        came = f"setting {result.setting:3}  {result_text(result)}  {duration(result.seconds)}"
        return "  ".join(filter(None, [came, setting_text(self.plan, result.params), result.message]))
