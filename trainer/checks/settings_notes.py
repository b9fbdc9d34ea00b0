"""Settings that do less than one would think: what is said of them before training."""

from __future__ import annotations

import math

from trainer.experiment import Experiment, steps_per_epoch

LONG = 0.1  # share of the first step's parameters in the average at the end of a run


def settings_notes(experiment: Experiment) -> list[str]:
    """Lines to warn of."""
    return [*_large_batch(experiment), *_long_average(experiment), *_idle_min_delta(experiment)]


def _large_batch(experiment: Experiment) -> list[str]:
    wanted, samples = experiment.settings.data_loader.batch_size, len(experiment.training)
    if wanted <= samples:
        return []
    return [f"data_loader.args.batch_size: {wanted} is more than the {samples} samples; each step takes all"]


def _long_average(experiment: Experiment) -> list[str]:
    """A decay with which the average is still, at the end, much of what the parameters were after the first step."""
    settings = experiment.settings.trainer
    steps = settings.epochs * steps_per_epoch(experiment.settings, len(experiment.training))
    if settings.ema is None or settings.ema.warmup or steps < 2:
        return []
    share, enough = settings.ema.decay ** (steps - 1), math.floor(1000 * LONG ** (1 / (steps - 1))) / 1000
    if share <= LONG:
        return []
    return [
        f"trainer.ema.decay: {settings.ema.decay:g} is long for a run of {steps} steps, at whose end {share:.0%} of "
        f"the average will be the parameters after the first step; set it to {enough:g} or lower, or "
        "trainer.ema.warmup to true"
    ]


def _idle_min_delta(experiment: Experiment) -> list[str]:
    settings = experiment.settings.trainer
    if not settings.min_delta or settings.early_stop is not None:
        return []
    return ["trainer.min_delta: has no effect without trainer.early_stop, whose improvements it measures"]
