"""Errors that name the first number of a step or an evaluation that is not finite."""

from pathlib import Path

import numpy as np

from base.errors import NonFiniteError
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checks.step_report import StepReport
from utils.shell import shell_command


def step_error(what: str, where: str, report: StepReport, path: Path | None, advice: str) -> NonFiniteError:
    """The error of a step whose state and batch were saved, if there is a folder for them."""
    saved = (
        ""
        if path is None
        else (
            f"\nThe state before the step, and its batch, are in {path}; to look at the step: "
            f"{shell_command('python', '-m', 'tools.replay', path)}"
        )
    )
    number = report.first_not_finite() or f"the new {what}"
    return NonFiniteError(f"{where}.\nThe first number that is not finite is in {number}.\n{advice}.{saved}")


def score_error(what: str, layer: str | None, checkpoint: Checkpoint, path: Path | None, advice: str) -> NonFiniteError:
    """The error of a loss after an epoch, whose state was saved; `layer` is the first with such outputs."""
    odd = [name for name, array in checkpoint.arrays.items() if not np.isfinite(array).all()]
    where = f"in {odd[0]} of the state" if odd else f"in the output of layer {layer}" if layer else "in the loss"
    saved = "" if path is None else f"\nThe state is in {path}."
    return NonFiniteError(
        f"the {what}, of which no checkpoint is kept.\nThe first number that is not finite is {where}.\n"
        f"{advice}.{saved}"
    )
