"""Tells Optuna how a trial is doing, and ends it where that is not good enough."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from base.base_trainer import BaseCallback, BaseTrainer, Record

if TYPE_CHECKING:
    from optuna.trial import Trial

LOG = logging.getLogger(__name__)


class TrialReport(BaseCallback):
    """Reports the mean of the results of finished seeds and the figure of this epoch, as one sequence of epochs."""

    def __init__(self, trial: Trial, metric: str, finished: Sequence[float], epochs: int, last: bool) -> None:
        self.trial = trial
        self.metric = metric
        self.finished = list(finished)
        self.epochs = epochs
        self.last = last
        self.best: float | None = None

    def report(self, record: Record) -> None:
        """Report an epoch, which a process before this one may have trained."""
        value, step = record[self.metric], len(self.finished) * self.epochs + int(record["epoch"])
        if math.isfinite(value):
            self.trial.report(fmean([*self.finished, value]), step)

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        from optuna import TrialPruned

        self.report(record)
        if not (self.last and trainer.finished) and self.trial.should_prune():
            LOG.info("pruned after epoch %d: %s %.4f", trainer.epoch, self.metric, record[self.metric])
            raise TrialPruned

    def on_train_end(self, trainer: BaseTrainer) -> None:
        self.best = trainer.monitor.best
