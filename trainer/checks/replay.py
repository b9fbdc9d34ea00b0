"""Replay of the step that follows a checkpoint, to find out where its numbers become nan or inf."""

from pathlib import Path

from data_loader.resampling.compose import merged
from trainer.checkpoints.resume import Plan, checkpoint_config, find_checkpoint, load_or_offer
from trainer.checkpoints.snapshot import restore_experiment
from trainer.checks.step_report import StepReport, report_step
from trainer.experiment import prepare, steps_per_epoch


def replay(wanted: str) -> tuple[StepReport, Path, int]:
    """Run forward and backward of the step after a checkpoint; returns its report, the checkpoint's path, its index.

    Nothing is written. Raises UserError where the checkpoint cannot be read.
    """
    path = find_checkpoint(wanted, None)
    checkpoint = load_or_offer(path, "python", "-m", "tools.replay")
    plan = Plan(checkpoint_config(path, checkpoint), checkpoint, path, same_config=True)
    experiment = prepare(plan.config, plan.data_state)
    restore_experiment(experiment, plan)
    meta, length = checkpoint.meta, steps_per_epoch(experiment.settings, len(experiment.training))
    # Random numbers depend on the steps done, the batch on the schedule: complete epochs, and steps of the one begun.
    step, schedule_step = int(meta["step"]), meta["epoch"] * length + meta.get("position", 0)
    with experiment.parallel() as parallel:
        samples, augmentation = experiment.order().batch(schedule_step), merged(experiment.settings.augmentation or [])
        return report_step(parallel, experiment.training, samples, step, augmentation), path, step
