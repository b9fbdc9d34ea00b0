"""What --check does: everything that can be known of a run before it is made."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import suppress

import numpy as np

from base.base_data_loader import Dataset
from base.errors import UserError
from base.not_finite import NotFinite
from base.outputs import Meaning, predicted_classes
from base.random_streams import RandomStreams
from base.types import Array
from logger.console import data_lines, duration, model_table
from logger.setup import run_log
from trainer.experiment import Experiment, prepare, steps_per_epoch
from trainer.gradient_check import TOLERANCE, gradient_errors
from trainer.parallel_model import ParallelModel
from trainer.resume import Plan
from trainer.trial import try_layers
from trainer.update import Update

LOG = logging.getLogger(__name__)

OVERFIT_STEPS, OVERFIT_SECONDS, LEARNT = 200, 20.0, 0.1
GRADIENT_SAMPLES = 8


def check(plan: Plan) -> None:
    """Print the network, compare its gradient with finite differences, learn one batch, and estimate time and memory.

    Writes nothing. Raises UserError where a layer's or the loss' gradient is wrong.
    """
    experiment = prepare(plan.config)
    with run_log(None, verbosity=1):
        LOG.info("%s: the config is right\n\n%s\n", plan.config.source, _network(experiment))
        try_layers(experiment)
        _check_gradient(experiment)
        with experiment.parallel() as parallel:
            seconds = _overfit(experiment, parallel)
            _estimate(experiment, parallel, seconds)


def _network(experiment: Experiment) -> str:
    table = model_table(experiment.model, experiment.model.output_shapes())
    return f"{table}\n\n{data_lines(experiment.training, experiment.validation, experiment.test)}"


def _check_gradient(experiment: Experiment) -> None:
    run, data = experiment.config.build(), experiment.training
    run.arch.build(data.input_shape, RandomStreams(run.seed), "float64")
    samples = np.arange(min(GRADIENT_SAMPLES, len(data)))
    x = np.empty((len(samples), *data.input_shape))
    data.read_inputs(samples, x)
    errors = gradient_errors(run.arch, run.loss, x, data.read_targets(samples), RandomStreams(run.seed))
    wrong = {name: error for name, error in errors.items() if not error <= TOLERANCE}
    if wrong:
        lines = [f"  {name}: relative error {error:.1e}" for name, error in wrong.items()]
        raise UserError(
            "the gradient differs from finite differences, so a backward of the network or of the loss is wrong; it "
            "reaches these parameters:\n" + "\n".join(lines)
        )
    worst = max(errors.values(), default=0.0)
    LOG.info("gradient     as finite differences for all %d parameter arrays (worst %.0e)", len(errors), worst)


def _overfit(experiment: Experiment, parallel: ParallelModel) -> float:
    """Train on the first batch again and again; returns the seconds of a step."""
    run, model = experiment.run, experiment.model
    batch = experiment.training.subset(np.arange(min(run.data_loader.batch_size, len(experiment.training))))
    run.optimizer.bind(model.values, model.parameter_ranges())
    update = Update(model, run.optimizer, None, parallel.workers)
    right = _Right(run.loss.outputs)
    before, lr, times = parallel.score(batch), run.optimizer.lr, [0.0]
    with suppress(NotFinite), parallel.workers.team("one batch") as leading, np.errstate(all="ignore"):
        while len(times) <= OVERFIT_STEPS and not (leading and sum(times) > OVERFIT_SECONDS):
            start = time.perf_counter()
            update.apply(parallel.train_batch(batch, np.arange(len(batch)), len(times)).grads, lr)
            times.append(time.perf_counter() - start)
    with np.errstate(all="ignore"):
        after, steps = parallel.score(batch, [right] if batch.classes else []), len(times) - 1
    LOG.info("one batch    loss %.4g, after %d steps on the same %d samples %.4g", before, steps, len(batch), after)
    if not (after <= LEARNT * before or right.share > 1 - LEARNT):  # label smoothing alone keeps a loss high
        LOG.warning(
            "one batch is not learnt in %d steps at lr %g: a rate that is too low or too high, too small a network, or "
            "labels that do not belong to the samples", steps, lr,
        )  # fmt: skip
    return float(np.median(times[1:] or [0.0]))


class _Right:
    """The share of samples whose class is predicted."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._right: list[bool] = []

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch."""
        self._right.extend(predicted_classes(output, self._meaning) == target)

    @property
    def share(self) -> float:
        return float(np.mean(self._right)) if self._right else 0.0


def _estimate(experiment: Experiment, parallel: ParallelModel, step: float) -> None:
    settings, training = experiment.run.trainer, experiment.training
    steps = steps_per_epoch(experiment.run, len(training))
    scored = sum(len(data) for data in (experiment.validation, experiment.test) if data is not None)
    epoch = steps * settings.accumulate_steps * step + scored * _seconds_to_score(training, parallel)
    LOG.info("time         %.2f ms a step, about %s an epoch of %d steps", 1e3 * step, duration(epoch), steps)
    LOG.info("             about %s for %d epochs", duration(epoch * settings.epochs), settings.epochs)
    LOG.info("memory       about %s", _memory())


def _seconds_to_score(data: Dataset, parallel: ParallelModel) -> float:
    some = data.subset(np.arange(min(2048, len(data))))
    start = time.perf_counter()
    parallel.score(some)
    return (time.perf_counter() - start) / len(some)


def _memory() -> str:
    """The most memory that this process and each of its workers have used so far; a run needs about as much."""
    if sys.platform == "win32":
        return "unknown on this system"
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    own, other = (
        resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{own:.0f} MiB" + (f", and {other:.0f} MiB in each other process, most of it shared" if other else "")
