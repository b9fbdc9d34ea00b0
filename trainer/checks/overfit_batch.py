"""Overfitting one batch: a check that finds most errors in network, data and learning rate."""

import logging
import time
from contextlib import suppress

import numpy as np

from base.errors import NotFinite
from trainer.experiment import Experiment
from trainer.inspection.predictions import PredictionCollector
from trainer.parallel_model import ParallelModel
from trainer.update import Update

LOG = logging.getLogger(__name__)

STEPS, SECONDS, LEARNT = 200, 20.0, 0.1


def overfit(experiment: Experiment, parallel: ParallelModel) -> float:
    """Train on the first batch repeatedly and log whether it is learnt; returns the median seconds of a step."""
    settings, model = experiment.settings, experiment.model
    batch = experiment.training.subset(np.arange(min(settings.data_loader.batch_size, len(experiment.training))))
    settings.optimizer.bind(model.values, model.parameter_ranges())
    update = Update(model, settings.optimizer, None, parallel.workers)
    collector = PredictionCollector(batch.classes, settings.loss.outputs)
    before, lr, times = parallel.score(batch), settings.optimizer.lr, [0.0]
    with suppress(NotFinite), parallel.workers.parallel_region("one batch") as is_leader, np.errstate(all="ignore"):
        while len(times) <= STEPS and not (is_leader and sum(times) > SECONDS):
            start = time.perf_counter()
            update.apply(parallel.train_batch(batch, np.arange(len(batch)), len(times)).grads, lr)
            times.append(time.perf_counter() - start)
    with np.errstate(all="ignore"):
        after, steps = parallel.score(batch, [collector]), len(times) - 1
    LOG.info("one batch    loss %.4g, after %d steps on the same %d samples %.4g", before, steps, len(batch), after)
    mostly_right = batch.classes is not None and collector.predictions(after).wrong < LEARNT * len(batch)
    if not (after <= LEARNT * before or mostly_right):  # label smoothing alone keeps a loss high
        _say_not_learnt(steps, lr, out_of_time=sum(times) > SECONDS)
    return float(np.median(times[1:] or [0.0]))


def _say_not_learnt(steps: int, lr: float, out_of_time: bool) -> None:
    if out_of_time:
        LOG.warning(
            "one batch is not learnt yet, but %g s were enough for %d of %d steps only; a smaller "
            "data_loader.args.batch_size would tell more", SECONDS, steps, STEPS,
        )  # fmt: skip
        return
    LOG.warning(
        "one batch is not learnt in %d steps at lr %g: a rate that is too low or too high, too small a network, or "
        "labels that do not belong to the samples", steps, lr,
    )  # fmt: skip
