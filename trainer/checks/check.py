"""train.py --check: everything that can be known of a run before it is made."""

from __future__ import annotations

import logging
import sys
import time
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from base.dataset import Dataset
from base.errors import UserError
from base.provenance import Provenance
from base.random_streams import RandomStreams
from logger.console import data_lines, duration, model_table
from logger.setup import run_log
from model.gradient_check import TOLERANCE, gradient_errors
from ops.choose import choose_ops
from trainer.checkpoints.resume import Plan
from trainer.checkpoints.snapshot import prepare_plan
from trainer.checks.known_data import check_same_data, unknown_data
from trainer.checks.layer_contract import check_layers
from trainer.checks.overfit_batch import overfit
from trainer.checks.settings_notes import settings_notes
from trainer.experiment import Experiment, give_ops, steps_per_epoch
from trainer.parallel_model import ParallelModel
from utils.screen import Layout

LOG = logging.getLogger(__name__)

GRADIENT_SAMPLES, GRADIENT_SECONDS = 8, 20.0
SCORE_SAMPLES, SCORE_SECONDS = (32, 256, 2048), 0.5


def check(plan: Plan) -> None:
    """Print the network, compare its gradient with finite differences, learn one batch, and estimate time and memory.

    Writes nothing. Raises UserError where a layer's or the loss' gradient is wrong.
    """
    experiment = prepare_plan(plan)
    check_same_data(plan, experiment)
    with run_log(None, verbosity=1):
        LOG.info("%s: the config is right", plan.config.source)
        LOG.info(Layout(partial(_network, experiment)))
        taken = plan.initial.load_into(experiment.model) if plan.initial else []
        for line in [*unknown_data(plan), *taken]:
            LOG.info(line)
        for note in [*experiment.data_notes(), *_on_both_sides(experiment), *settings_notes(experiment)]:
            LOG.warning(note)
        with threadpool_limits(limits=1, user_api="blas"):  # several threads slow each other down on a busy machine
            check_layers(experiment)
            _check_gradient(experiment)
        with experiment.parallel() as parallel:
            seconds = overfit(experiment, parallel)
            _estimate(experiment, parallel, seconds)


def _network(experiment: Experiment, columns: int) -> str:
    table = model_table(experiment.model, experiment.model.output_shapes(), columns)
    data = data_lines(experiment.training, experiment.validation, experiment.test, columns)
    return f"\n{table}\n\n{data}\n"


def _on_both_sides(experiment: Experiment) -> list[str]:
    """Samples that are both trained on and held out to judge by."""
    loader, streams = experiment.settings.data_loader, experiment.streams
    trained = Provenance.from_state(experiment.data_state)
    found = [] if experiment.validation is None else trained.overlap(experiment.validation, "validation")
    try:
        found += trained.overlap(experiment.test or loader.load_test(streams), "test")
    except (UserError, ValueError, OSError) as error:
        found.append(f"test data cannot be read: {error}")
    return [f"data: {note}" for note in found]


def _check_gradient(experiment: Experiment) -> None:
    settings, data = experiment.config.build(), experiment.training
    ops = choose_ops(settings.trainer.ops, "float64")
    settings.arch.build(data.input_shape, RandomStreams(settings.seed), "float64", ops)
    give_ops(settings, ops)
    settings.loss.class_counts = experiment.settings.loss.class_counts
    samples = np.arange(min(GRADIENT_SAMPLES, len(data)))
    x = np.empty((len(samples), *data.input_shape))
    data.read_inputs(samples, x)
    errors = gradient_errors(
        settings.arch, settings.loss, x, data.read_targets(samples), RandomStreams(settings.seed), GRADIENT_SECONDS
    )
    wrong = {name: error for name, error in errors.items() if not error <= TOLERANCE}
    if wrong:
        lines = [f"  {name}: relative error {error:.1e}" for name, error in wrong.items()]
        raise UserError(
            "the gradient differs from finite differences, so a backward of the network or of the loss is wrong; it "
            "reaches these parameters:\n" + "\n".join(lines)
        )
    _say_right(errors, sum(1 for _ in settings.arch.named_parameters()))


def _say_right(errors: dict[str, float], arrays: int) -> None:
    worst, rest = max(errors.values(), default=0.0), arrays - len(errors)
    compared = f"the first {len(errors)} of" if rest else "all"
    over = f"; {GRADIENT_SECONDS:g} s were too short for the others" if rest else ""
    text = "gradient     as finite differences for %s %d parameter arrays (worst %.0e)%s"
    LOG.info(text, compared, arrays, worst, over)


def _estimate(experiment: Experiment, parallel: ParallelModel, step: float) -> None:
    trainer_settings, training = experiment.settings.trainer, experiment.training
    steps = steps_per_epoch(experiment.settings, len(training))
    scored = sum(len(data) for data in (experiment.validation, experiment.test) if data is not None)
    epoch = steps * trainer_settings.accumulate_steps * step + scored * _seconds_to_score(training, parallel)
    LOG.info("time         %.2f ms a step, about %s an epoch of %d steps", 1e3 * step, duration(epoch), steps)
    LOG.info("             about %s for %d epochs", duration(epoch * trainer_settings.epochs), trainer_settings.epochs)
    LOG.info("memory       about %s", _memory())


def _seconds_to_score(data: Dataset, parallel: ParallelModel) -> float:
    """The time of one sample, measured on many unless few take long."""
    seconds, count = 0.0, 1
    for wanted in SCORE_SAMPLES:
        if seconds < SCORE_SECONDS:
            some = data.subset(np.arange(min(wanted, len(data))))
            start = time.perf_counter()
            parallel.score(some)
            seconds, count = time.perf_counter() - start, len(some)
    return seconds / count


def _memory() -> str:
    """The most memory that this process and each of its workers have used so far; a run needs about as much."""
    if sys.platform == "win32":
        return "unknown on this system"
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    own, other = (resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"{own:.0f} MiB" + (f", and {other:.0f} MiB in each other process, most of it shared" if other else "")
