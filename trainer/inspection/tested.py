"""The picture of a score on the test data."""

from __future__ import annotations

from pathlib import Path

from trainer.experiment import Experiment
from trainer.inspection.mistakes import draw_classes, draw_numbers
from trainer.inspection.predictions import PredictionCollector
from trainer.reporting.log_and_continue import log_and_continue


def draw_tested(experiment: Experiment, collector: PredictionCollector, epoch: int, folder: Path) -> None:
    """Draw confusion-test.png or, where numbers are predicted, regression-test.png, if the config chooses these.

    The test data are the experiment's only data. Raises WriteError.
    """
    data, chosen = experiment.training, experiment.settings.trainer.pictures
    name = "regression" if data.classes is None else "confusion"
    if chosen != "all" and name not in chosen:
        return
    path, where = folder / f"{name}-test.png", f"test data, epoch {epoch}"
    with log_and_continue(f"{path.name} cannot be drawn"):
        if data.classes is None:
            targets, outputs = data.read_targets(slice(None)), collector.outputs
            draw_numbers(targets.reshape(len(data), -1), outputs.reshape(len(data), -1), where, path)
        else:
            draw_classes(collector.predictions(0.0), where, path)
