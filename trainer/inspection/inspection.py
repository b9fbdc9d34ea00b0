"""Inspection of the best epoch's network on held-out data; the trainer's state is restored afterwards."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from base.base_layer import BaseLayer, RandomContext
from base.base_model import BaseModel
from base.base_trainer import BaseTrainer
from base.dataset import Dataset
from base.errors import CheckpointError
from base.random_streams import RandomStreams
from base.types import Array
from ops.ops import Ops
from trainer.checkpoints.checkpoint import load_checkpoint
from trainer.checkpoints.run_folder import RunFolder
from trainer.checkpoints.snapshot import restore_scored
from trainer.experiment import Experiment
from trainer.inspection.predictions import PredictionCollector, Predictions
from trainer.parallel_model import ParallelModel

LOG = logging.getLogger(__name__)

MOST_TRAINING = 20_000  # samples that are looked at where there are no validation data


@dataclass(frozen=True)
class Inspection:
    """The network as it was after `epoch`, and data to inspect it with.

    `data` are the validation data or, where there are none, training data: a random subset of large ones.
    """

    experiment: Experiment
    parallel: ParallelModel
    epoch: int

    @cached_property
    def data(self) -> Dataset:
        """The data that the network is inspected with."""
        return self.experiment.validation or self.some(self.experiment.training, MOST_TRAINING)

    @property
    def part(self) -> Literal["validation", "training"]:
        """Of which part `data` are."""
        return "training" if self.experiment.validation is None else "validation"

    @property
    def model(self) -> BaseModel:
        """The network itself."""
        return self.experiment.model

    @cached_property
    def predictions(self) -> Predictions:
        """The network's predictions for `data`."""
        return self.predict(self.data)

    @cached_property
    def numbers(self) -> tuple[Array, Array]:
        """Targets and outputs (N, K) for `data`, where numbers are predicted."""
        if len(self.predictions):
            return self.predictions.targets[:, None], self.predictions.predictions[:, None]
        collector = PredictionCollector(None, self.experiment.settings.loss.outputs, keep_outputs=True)
        self.parallel.score(self.data, [collector])
        count = len(self.data)
        return self.data.read_targets(slice(None)).reshape(count, -1), collector.outputs.reshape(count, -1)

    def predict(self, data: Dataset) -> Predictions:
        """The network's predictions for other data of the same form."""
        collector = PredictionCollector(data.classes, self.experiment.settings.loss.outputs)
        loss = self.parallel.score(data, [collector])
        return collector.predictions(loss)

    def predict_inputs(self, inputs: Array) -> Predictions:
        """The network's predictions for inputs, as they would be stored, without targets (those given are 0)."""
        data = self.data
        targets = np.zeros((len(inputs), *data.target_shape), data.targets.dtype)
        return self.predict(replace(data, inputs=inputs, targets=targets, rows=np.arange(len(inputs))))

    def features(self, samples: Array, layer: str) -> Array:
        """The named layer's output for some samples of `data`."""
        return self.parallel.features(self.data, samples, layer)

    def stored(self, samples: Array) -> Array:
        """The inputs of some samples of `data` as they are stored."""
        return self.data.inputs[self.data.rows[samples]]

    def some(self, data: Dataset, most: int) -> Dataset:
        """A random subset of at most `most` samples, the same in each call."""
        if len(data) <= most:
            return data
        chosen = self.experiment.streams.generator("inspection").choice(len(data), most, replace=False)
        return data.subset(np.sort(chosen))

    def weights(self) -> dict[str, tuple[BaseLayer, Array]]:
        """The layers that have weights, and those, by the layers' names, or "layer.weight" where one has several."""
        found: dict[str, tuple[BaseLayer, Array]] = {}
        for name, layer in self.model.named_layers():
            held = {key: parameter for key, parameter in layer.parameters.items() if parameter.is_weight}
            for key, parameter in held.items():
                found[name if len(held) == 1 else f"{name}.{key}"] = (layer, parameter.value)
        return found


@contextmanager
def inspecting(
    trainer: BaseTrainer, experiment: Experiment, parallel: ParallelModel, folder: RunFolder
) -> Iterator[Inspection]:
    """Context manager: the model has the weights of the best checkpoint or, without one, those evaluated last."""
    model = experiment.model
    values, buffers = model.values.copy(), model.buffers.copy()
    try:
        with trainer.evaluation_weights():
            yield Inspection(experiment, parallel, _restore_best(experiment, folder) or trainer.epochs_done)
    finally:
        model.values[...], model.buffers[...] = values, buffers


def _restore_best(experiment: Experiment, folder: RunFolder) -> int | None:
    """Load the best checkpoint and return its epoch; None where there is none."""
    if not folder.best.is_file():
        return None
    try:
        checkpoint = load_checkpoint(folder.best)
        restore_scored(experiment.model, checkpoint, experiment.settings.trainer.ema is not None)
    except CheckpointError as error:
        LOG.warning("%s; pictures are of the last weights", error)
        return None
    epoch: int = checkpoint.meta["epoch"]
    return epoch


def numpy_twin(model: BaseModel, streams: RandomStreams) -> BaseModel:
    """A copy of the model in evaluation mode that computes with NumPy: no kernel is compiled for a few samples."""
    twin = model.replica(RandomContext(streams, 0))
    twin.eval()
    for _, layer in twin.named_layers():
        layer.ops = Ops()
    return twin
