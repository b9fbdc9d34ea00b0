"""The callback that keeps summary.json, the state of a run, up to date."""

import logging
import math
import time
from collections.abc import Callable

import numpy as np

from base.base_trainer import BaseCallback, BaseTrainer, Record
from logger import mistake_images
from logger.summary import Best, FlowStep, LayerSummary, State, Summary, update_summary
from trainer.checkpoints.checkpoint import stored_digests
from trainer.checkpoints.run_folder import RunFolder
from trainer.experiment import Experiment, steps_per_epoch
from trainer.inspection.flow import flow_of
from utils.memory import peak_memory

LOG = logging.getLogger(__name__)

_INTERVAL = 1.0  # seconds


class SummaryFile(BaseCallback):
    """Keeps summary.json up to date; while the run goes on, at most once a second.

    `waited` tells how many seconds one has waited for the run.
    """

    quick = True

    def __init__(self, experiment: Experiment, folder: RunFolder, waited: Callable[[], float]) -> None:
        self.experiment = experiment
        self.folder = folder
        self.waited = waited
        self._layers = _layers(experiment)
        self._flow = _flow(experiment)
        self._written_at = -math.inf

    def on_train_start(self, trainer: BaseTrainer) -> None:
        self._write(trainer, "running")

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        if trainer.finished or time.monotonic() - self._written_at >= _INTERVAL:
            self._write(trainer, "running")

    def on_train_end(self, trainer: BaseTrainer) -> None:
        self._write(trainer, _how_it_ended(trainer))

    def _write(self, trainer: BaseTrainer, state: State) -> None:
        experiment, monitor = self.experiment, trainer.monitor
        splits = {"training": experiment.training, "validation": experiment.validation, "test": experiment.test}
        classes = experiment.training.classes
        Summary(
            name=self.folder.name,
            run_id=self.folder.run_id,
            state=state,
            epoch=trainer.epochs_done,
            epochs=trainer.epochs,
            steps_per_epoch=steps_per_epoch(experiment.settings, len(experiment.training)),
            mode=monitor.mode,
            figure=monitor.metric,
            best=None if monitor.best is None or monitor.best_epoch is None else Best(monitor.best_epoch, monitor.best),
            samples={name: len(data) for name, data in splits.items() if data is not None},
            input_shape=experiment.training.input_shape,
            classes=None if classes is None else list(classes),
            layers=self._layers,
            finished=trainer.finished,
            digests={} if state == "running" else stored_digests(self.folder),
            seconds=round(self.waited(), 3),
            made=None,
            flow=self._flow,
            memory=peak_memory(),
        ).write(self.folder.log, flush=state != "running")
        self._written_at = time.monotonic()


class SummaryEnd(BaseCallback):
    """Tells summary.json which files of its end a run has and how long one waited, once others have made them."""

    def __init__(self, folder: RunFolder, waited: Callable[[], float]) -> None:
        self.folder = folder
        self.waited = waited

    def on_train_end(self, trainer: BaseTrainer) -> None:
        log = self.folder.log
        patterns = ("*.png", "validation.json", mistake_images.FILE)
        names = sorted(path.name for pattern in patterns for path in log.glob(pattern))
        update_summary(log, seconds=round(self.waited(), 3), made=names if trainer.finished else None)


def _how_it_ended(trainer: BaseTrainer) -> State:
    if trainer.monitor.should_stop:
        return "stopped early"
    return "done" if trainer.finished else "stopped"


def _layers(experiment: Experiment) -> list[LayerSummary]:
    model, shapes = experiment.model, experiment.model.output_shapes()
    return [
        LayerSummary(name, type(layer).__name__, shapes[name], sum(held.size for held in layer.parameters.values()))
        for name, layer in model.named_layers()
    ]


def _flow(experiment: Experiment) -> list[FlowStep]:
    """The flow through the network, of a training sample; none where a module cannot be followed."""
    try:
        model, data = experiment.model, experiment.training
        inputs = np.empty((1, *model.input_shape), model.values.dtype)
        data.read_inputs(slice(0, 1), inputs)
        return flow_of(model, inputs, experiment.streams)
    except Exception as error:  # whatever a module does with arrays of a subclass
        LOG.debug("the flow through the network is not known: %s", error, exc_info=True)
        return []
