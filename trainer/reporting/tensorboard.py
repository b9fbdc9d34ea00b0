"""The callback that writes TensorBoard's event file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from base.base_trainer import BaseCallback, BaseTrainer, Record
from data_loader.resampling.compose import augment, merged
from logger.history import History
from logger.projector import write_projection
from logger.step_history import StepHistory, StepReader
from logger.tensorboard import EventFile
from logger.tiles import are_images, png, scaled, tiled
from trainer.experiment import Experiment
from trainer.inspection.tsne_view import TsneView
from trainer.parallel_model import ParallelModel

FOLDER = "tensorboard"
_IMAGES = 25
_NOT_SHOWN = {"epoch", "step"}


class TensorBoard(BaseCallback):
    """Writes <log folder>/tensorboard between epochs: the figures of epochs and steps, the parameters' histograms, some
    training images, and at the end the run's pictures and an embedding.

    Figures come from the run's own files, so that a run that asks for TensorBoard when it is continued has all of them.
    Everything is drawn over steps.
    """

    def __init__(
        self,
        experiment: Experiment,
        parallel: ParallelModel,
        log: Path,
        history: History,
        steps: StepHistory,
        view: TsneView,
    ) -> None:
        self.experiment = experiment
        self.parallel = parallel
        self.log = log
        self.history = history
        self.steps = steps
        self.reader = StepReader(steps.path)
        self.view = view

    def on_train_start(self, trainer: BaseTrainer) -> None:
        self.file = EventFile(self.log / FOLDER, trainer.step)
        if self.file.step < 0:
            self._add_images()
            self._add_parameters(trainer.step)
        self._commit_figures()

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        self._add_parameters(trainer.step)
        self._commit_figures()

    def on_train_end(self, trainer: BaseTrainer) -> None:
        if not trainer.finished:
            return
        for path in sorted(self.log.glob("*.png")):
            self.file.add_image(trainer.step, f"pictures/{path.stem}", path.read_bytes())
        self.file.commit(trainer.step)
        with trainer.evaluation_weights():
            self._project()

    def _commit_figures(self) -> None:
        """Add all steps and epochs that are complete and not yet in the file."""
        done, last = self.file.step, int(self.history.records[-1]["step"]) if self.history.records else 0
        self.steps.write()
        for row in self.reader.up_to(last):
            if row["step"] > done:
                self.file.add_scalars(int(row["step"]), _finite(row, "step/"))
        for record in self.history.records:
            if record["step"] > done:
                self.file.add_scalars(int(record["step"]), _finite(record, "epoch/"))
        self.file.commit(last)

    def _add_parameters(self, step: int) -> None:
        model = self.experiment.model
        for name, values in model.named_views(model.values).items():
            self.file.add_histogram(step, f"parameters/{name}", values)

    def _add_images(self) -> None:
        data, settings = self.experiment.training, self.experiment.settings
        if not are_images(data.input_shape):
            return
        images = data.inputs_of(slice(0, _IMAGES), self.experiment.model.values.dtype)
        self.file.add_image(0, "samples/training", png(tiled(scaled(images))))
        if settings.augmentation:
            targets, changes = data.read_targets(slice(0, _IMAGES)), merged(settings.augmentation)
            changed, _ = augment(images.copy(), targets, changes, self.experiment.streams, 0, 0)
            self.file.add_image(0, "samples/augmented", png(tiled(scaled(changed))))

    def _project(self) -> None:
        view, data = self.view, self.view.data
        images = scaled(data.inputs_of(view.samples)) if are_images(data.input_shape) else None
        features, targets = view.features(self.parallel), view.targets().tolist()
        labels = [f"{target:g}" if data.classes is None else data.classes[target] for target in targets]
        write_projection(self.log / FOLDER, view.layer, features, labels, images)


def _finite(figures: Mapping[str, float], prefix: str) -> dict[str, float]:
    shown = {name: value for name, value in figures.items() if name not in _NOT_SHOWN and math.isfinite(value)}
    return {prefix + name: value for name, value in shown.items()}
