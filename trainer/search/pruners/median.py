"""Ending what is below the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.base_pruner import BasePruner
from base.constraints import NonNegativeInt, PositiveInt

if TYPE_CHECKING:
    import optuna


class MedianPruner(BasePruner):
    """Ends a trial whose best figure so far is worse than the median of others' after as many epochs.

    n_startup_trials: how many trials are trained to their end before any is pruned.
    n_warmup_steps: the first so many epochs of a trial are never its last.
    interval_steps: look every so many epochs.
    """

    def __init__(
        self,
        n_startup_trials: NonNegativeInt = 5,
        n_warmup_steps: NonNegativeInt = 0,
        interval_steps: PositiveInt = 1,
    ) -> None:
        self.n_startup_trials = n_startup_trials
        self.n_warmup_steps = n_warmup_steps
        self.interval_steps = interval_steps

    def make(self, epochs: int) -> optuna.pruners.BasePruner:
        from optuna.pruners import MedianPruner

        return MedianPruner(self.n_startup_trials, self.n_warmup_steps, self.interval_steps)
