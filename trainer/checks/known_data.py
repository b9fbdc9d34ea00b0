"""Comparison of a run's data with those that its checkpoint knows."""

from base.errors import UserError
from base.provenance import INPUTS_DIFFER
from trainer.checkpoints.resume import Plan
from trainer.experiment import Experiment
from utils.shell import shell_command


def check_same_data(plan: Plan, experiment: Experiment) -> None:
    """Raise UserError where a run would be continued on other samples or targets than it began with.

    Inputs alone may differ, of which a warning tells, as where an image was mended.
    """
    changes = experiment.settings.data_loader.changes
    if plan.path is not None and plan.same_config and set(changes) - {INPUTS_DIFFER}:
        raise UserError(
            f"{plan.path}: cannot be continued to the same bits, as the training data are others: "
            f"{'; '.join(changes)}. Give the data back, or start a new run with those there are: "
            f"python train.py -c CONFIG -r {shell_command(plan.path)}"
        )


def unknown_data(plan: Plan) -> list[str]:
    """A line on a checkpoint that does not know its data."""
    if plan.checkpoint is None or plan.data_state:
        return []
    return [f"{plan.path} was written before checkpoints knew their data, so nothing tells whether these are the same"]
