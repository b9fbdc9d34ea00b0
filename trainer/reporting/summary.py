"""The callback that keeps summary.json, the state of a run, up to date."""

from base.base_trainer import BaseCallback, BaseTrainer, Record
from logger.summary import Best, LayerSummary, State, Summary
from trainer.checkpoints.checkpoint import stored_digests
from trainer.checkpoints.run_folder import RunFolder
from trainer.experiment import Experiment, steps_per_epoch


class SummaryFile(BaseCallback):
    """Keeps summary.json up to date."""

    quick = True

    def __init__(self, experiment: Experiment, folder: RunFolder) -> None:
        self.experiment = experiment
        self.folder = folder
        self._layers = _layers(experiment)

    def on_train_start(self, trainer: BaseTrainer) -> None:
        self._write(trainer, "running")

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
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
        ).write(self.folder.log)


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
