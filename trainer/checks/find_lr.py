"""train.py --find-lr: a learning rate to begin with."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from base.errors import UserError
from logger.pictures.range_test import draw_range_test
from logger.setup import run_log
from trainer.checkpoints.resume import Plan
from trainer.checkpoints.snapshot import prepare_plan
from trainer.checks.layer_contract import check_layers
from trainer.checks.lr_range_test import lr_range_test
from trainer.checks.rate_proposal import Proposal, propose
from utils.shell import shell_command

LOG = logging.getLogger(__name__)


def find_lr(plan: Plan, output: str | None, overrides: Sequence[str]) -> None:
    """Draw the loss over a growing learning rate into `output`, propose a rate, and print the command to train with it.

    Nothing else is written. Raises UserError where no rate can be proposed.
    """
    experiment = prepare_plan(plan)
    check_layers(experiment)
    settings = experiment.settings
    path = Path(output or f"{settings.name}-find-lr.png")
    with run_log(None, max(1, settings.trainer.verbosity)):
        for note in experiment.data_notes():
            LOG.warning(note)
        for line in plan.initial.load_into(experiment.model) if plan.initial else []:
            LOG.info(line)
        test = lr_range_test(experiment)
        found = propose(test)
        title = f"{settings.name}: learning rate range test of {type(settings.optimizer).__name__}"
        if isinstance(found, Proposal):
            LOG.info("lr       %g: %s", found.rate, found.reason)
            LOG.info("train    %s", _command(plan, overrides, found.rate))
            draw_range_test(test.rates, test.losses, title, path, found.smoothed, found.rate, found.minimum)
            LOG.info("drawn    %s", path)
            return
        drawn = ""
        if test.rates:
            draw_range_test(test.rates, test.losses, title, path)
            drawn = f"\n  drawn in {path}"
    raise UserError(f"{plan.config.source}: no learning rate can be proposed: {found}{drawn}")


def _command(plan: Plan, overrides: Sequence[str], rate: float) -> str:
    changes = [word for change in overrides for word in ("--set", change)]
    init = ["--init", plan.initial.path] if plan.initial else []
    return shell_command("python", "train.py", "-c", plan.config.source, *init, *changes, "--lr", f"{rate:g}")
