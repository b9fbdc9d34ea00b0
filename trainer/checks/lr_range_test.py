"""The learning rate range test: a short training whose rate grows step by step (Smith, "Cyclical Learning Rates for
Training Neural Networks", WACV 2017)."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from base.errors import NotFinite
from data_loader.resampling.compose import merged
from logger.progress import Progress
from trainer.experiment import Experiment

LOWEST, HIGHEST = 1e-7, 100.0  # Adadelta's usual rate is 1, and so may be that of SGD with small gradients
STEPS_PER_DECADE = 30
_MEMORY = 0.9  # of the average that says when the loss has diverged
_DIVERGED = 3.0  # times the fall so far, or the lowest loss, that the loss has risen again


@dataclass
class RangeTest:
    """Rates, and the loss of the batch after each: before it, the network took a step at this rate."""

    rates: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)


class _Divergence:
    """True once the average of recent losses has risen far above the lowest it has had."""

    def __init__(self) -> None:
        self._sum = self._weight = 0.0
        self._first, self._best = math.nan, math.inf

    def reached(self, loss: float) -> bool:
        self._sum = _MEMORY * self._sum + (1 - _MEMORY) * loss
        self._weight = _MEMORY * self._weight + (1 - _MEMORY)
        average = self._sum / self._weight
        self._first = average if math.isnan(self._first) else self._first
        self._best = min(self._best, average)
        return average - self._best > _DIVERGED * max(abs(self._best), self._first - self._best)


def lr_range_test(experiment: Experiment) -> RangeTest:
    """Train with exponentially growing rates until the loss diverges; the experiment's model is spent afterwards.

    Batches, augmentation, accumulation, penalty and clipping are those of the run; its scheduler is left out.
    """
    settings, found, divergence = experiment.settings, RangeTest(), _Divergence()
    rates = np.geomspace(LOWEST, HIGHEST, 1 + round(STEPS_PER_DECADE * math.log10(HIGHEST / LOWEST))).tolist()
    augmentation, order = merged(settings.augmentation or []), experiment.order()
    with experiment.parallel() as parallel:
        update = experiment.update(parallel.workers)
        show = Progress(len(rates), "learning rates", enabled=settings.trainer.verbosity > 0)
        region = parallel.workers.parallel_region("learning rates")
        with suppress(NotFinite), show as progress, region as is_leader, np.errstate(all="ignore"):
            for step in range(len(rates) + 1):  # the last batch only shows what the highest rate did
                result = parallel.train_batch(experiment.training, order.batch(step), step, augmentation)
                if not math.isfinite(result.loss):
                    break
                if step > 0:
                    found.rates.append(rates[step - 1])
                    found.losses.append(result.loss)
                if divergence.reached(result.loss) or step == len(rates):
                    break
                update.apply(result.grads, rates[step], step)
                if is_leader:
                    progress.update(result.loss)
    return found
