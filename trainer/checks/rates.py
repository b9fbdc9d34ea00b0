"""The learning rates that a config plans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from base.errors import UserError
from base.random_streams import RandomStreams
from trainer.checkpoints.resume import Plan
from trainer.experiment import Experiment, error_context, steps_per_epoch
from utils.config.parser import ConfigParser
from utils.config.settings import Settings
from utils.shell import shell_command

_MOST_POINTS = 4000  # more than a picture has pixels


@dataclass(frozen=True)
class PlannedRates:
    """The rate of some steps, counted from 0, the first and the last among them."""

    steps: list[int]
    rates: list[float]
    steps_per_epoch: int


def planned_rates(config: ConfigParser) -> PlannedRates:
    """The rates of a whole run; data are read only where the number of steps depends on them.

    Raises UserError where rates depend on results.
    """
    settings = config.build()
    scheduler, base_lr = settings.lr_scheduler, settings.optimizer.lr
    if scheduler and scheduler.state_dict():
        raise UserError(
            f"{config.source}: lr_scheduler: its rates depend on results, as those of ReduceLROnPlateau do, so they "
            f"are not known before training; metrics.csv has them afterwards"
        )
    per_epoch = settings.trainer.len_epoch or steps_per_epoch(settings, _samples(config, settings))
    steps = settings.trainer.epochs * per_epoch
    drawn = np.unique(np.linspace(0, steps - 1, _MOST_POINTS).astype(int)).tolist()
    if scheduler is None:
        return PlannedRates(drawn, [base_lr] * len(drawn), per_epoch)
    scheduler.bind(steps, per_epoch)
    return PlannedRates(drawn, [scheduler.lr(base_lr, step) for step in drawn], per_epoch)


def check_rates(plan: Plan, experiment: Experiment) -> None:
    """Raises UserError where a run would go on to so many epochs that its first ones would have had other rates."""
    settings, scheduler, checkpoint = experiment.settings, experiment.settings.lr_scheduler, plan.checkpoint
    if checkpoint is None or scheduler is None or not plan.same_config:
        return
    per_epoch = steps_per_epoch(settings, len(experiment.training))
    steps = checkpoint.meta["epoch"] * per_epoch + checkpoint.meta.get("position", 0)
    done = [*range(per_epoch - 1, steps, per_epoch), steps - 1]
    planned = []
    for epochs in (checkpoint.meta["config"]["trainer"]["epochs"], settings.trainer.epochs):
        scheduler.bind(epochs * per_epoch, per_epoch)
        planned.append([scheduler.lr(settings.optimizer.lr, step) for step in done])
    if planned[0] != planned[1]:
        raise UserError(
            f"trainer.epochs: the learning rate is planned for the whole run, so in one of {settings.trainer.epochs} "
            f"epochs those already done would have had other rates. For a new run from this checkpoint, give the "
            f"config too: python train.py -c CONFIG -r {shell_command(plan.path)} --epochs {settings.trainer.epochs}"
        )


def _samples(config: ConfigParser, settings: Settings) -> int:
    with error_context(config, "data_loader.args"):
        return len(settings.data_loader.load(RandomStreams(settings.seed))[0])
