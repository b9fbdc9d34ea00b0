"""A trained network in use: predictions of samples that have no targets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from base.base_model import BaseModel
from base.dataset import Dataset, TableColumn, all_rows
from base.errors import CheckpointError, DataError
from base.outputs import Meaning, class_probabilities, predicted_classes
from base.preprocessing import Preprocessing
from base.random_streams import RandomStreams
from base.types import Array, Shape
from data_loader.sample_shapes import shaped
from ops.choose import choose_ops
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.resume import checkpoint_config, find_scored, load_or_offer
from trainer.checkpoints.snapshot import restore_scored
from trainer.experiment import error_context, give_ops
from trainer.parallel_model import SCORE_ROWS, ParallelModel
from utils.config.parser import ConfigParser
from utils.config.settings import Settings
from utils.cores import cores

BLOCK_BYTES = 2**25  # of the inputs that are predicted at once
BLOCK_ROWS = 2**14


@dataclass(frozen=True, eq=False)
class Predictor:
    """A trained network with the preprocessing of its training data.

    >>> network = Predictor.load("best.npz")  # doctest: +SKIP
    >>> network.predict(images)  # doctest: +SKIP
    array(['7', '2'], dtype='<U1')
    """

    path: Path
    checkpoint: Checkpoint
    settings: Settings
    preprocessing: Preprocessing

    @classmethod
    def load(cls, checkpoint: str | Path) -> Predictor:
        """The network of a checkpoint, or of a run's folder or the word "latest", where its best checkpoint is taken.

        No data are read. Raises CheckpointError for a checkpoint that cannot be used.
        """
        path = find_scored(str(checkpoint), None)
        held = load_or_offer(path, "python", "predict.py", "-r")
        config = checkpoint_config(path, held)
        settings = config.build()
        preprocessing = _preprocessing(path, held, settings)
        _build(config, settings, preprocessing)
        restore_scored(settings.arch, held, settings.trainer.ema is not None)
        return cls(path, held, settings, preprocessing)

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The names of the classes in the order of the outputs; None where numbers are predicted."""
        return self.preprocessing.classes

    @property
    def model(self) -> BaseModel:
        """The network itself, with the weights that validation judged."""
        return self.settings.arch

    @property
    def input_shape(self) -> Shape:
        """The shape of a sample as the network reads it."""
        return self.model.input_shape

    @property
    def meaning(self) -> Meaning:
        """What outputs are."""
        return self.settings.loss.outputs

    @property
    def has_probabilities(self) -> bool:
        """Whether the outputs tell probabilities of classes."""
        known = self.meaning in ("logits", "probabilities", "log_probabilities")
        return self.classes is not None and known

    @cached_property
    def block(self) -> int:
        """How many samples are predicted at once."""
        return max(1, min(BLOCK_ROWS, BLOCK_BYTES // max(1, 8 * int(np.prod(self.input_shape)))))

    def predict(self, inputs: Any) -> Array:
        """The names of the predicted classes (N,), or the predicted numbers (N, ...).

        Inputs are samples as the data set stores them: an array (N, ...), of images bytes (N, H, W, C); for a table
        also a pandas.DataFrame, whose columns are found by name. Raises DataError for inputs of another form.
        """
        return self.decide(self.outputs(inputs))

    def predict_proba(self, inputs: Any) -> Array:
        """The probability of each class (N, C). Raises DataError as `predict`, ValueError where there are none."""
        if not self.has_probabilities:
            what = "numbers" if self.classes is None else f"{self.meaning} that are no probabilities"
            raise ValueError(
                f"the outputs of this network are {what}, so it has no predict_proba; use outputs or predict"
            )
        return self.probabilities(self.outputs(inputs))

    def outputs(self, inputs: Any) -> Array:
        """The network's outputs (N, ...). Raises DataError as `predict`."""
        data = self.dataset(inputs)
        found = np.empty((len(data), *self.model.output_shape), self.model.values.dtype)
        with self.parallel(min(len(data), self.block)) as parallel:
            for start in range(0, len(data), self.block):
                part = slice(start, start + self.block)
                found[part] = parallel.predict(data.subset(np.arange(*part.indices(len(data)))))
        return found

    def decide(self, outputs: Array) -> Array:
        """The predictions that outputs say."""
        if self.classes is None:
            return outputs[:, 0] if outputs.shape[1:] == (1,) else outputs
        return np.array(self.classes)[predicted_classes(outputs, self.meaning)]

    def probabilities(self, outputs: Array) -> Array:
        """The probabilities of the classes (N, C) that outputs say, where `has_probabilities`."""
        found = class_probabilities(outputs.astype(np.float64), self.meaning)
        assert found is not None
        return found

    def parallel(self, rows: int) -> ParallelModel:
        """The network on all cores, for so many samples at once."""
        streams, shards = RandomStreams(self.settings.seed), min(cores(), -(-max(rows, 1) // SCORE_ROWS))
        return ParallelModel(self.model, self.settings.loss, streams, shards, rows)

    def dataset(self, inputs: Any, where: str = "inputs", columns: tuple[TableColumn, ...] | None = None) -> Dataset:
        """Samples as the network reads them, with targets that say nothing. Raises DataError."""
        known = self.preprocessing
        stored = np.asarray(inputs)
        if stored.ndim == 0:
            raise DataError(f"{where}: expected samples (N, ...), got a single value")
        scale = 1.0 if known.scale is None else known.scale
        targets = np.zeros(len(stored), np.float64 if known.classes is None else np.int64)
        data = Dataset(stored, targets, all_rows(stored), known.classes, scale, columns=columns)
        if columns is None:
            data = replace(data, inputs=shaped(stored, list(self.input_shape), where)[0])
        ready = known.apply([data], [])[0]
        return replace(ready, inputs=ready.inputs.reshape(len(stored), *self.input_shape), columns=None)


def _preprocessing(path: Path, checkpoint: Checkpoint, settings: Settings) -> Preprocessing:
    """What the checkpoint knows of its data, or its config tells. Raises CheckpointError where that is too little."""
    held = checkpoint.state.get("data")
    if held:
        settings.data_loader.load_state_dict(held)
    known = settings.data_loader.preprocessing or settings.data_loader.described()
    if known is None or known.input_shape is None:
        raise CheckpointError(
            f"{path}: was written before checkpoints knew their data, and its config does not tell the names of "
            "classes, the shape of samples and their statistics; train on for an epoch to have them: "
            f"python train.py -r {path} --epochs {checkpoint.meta['epoch'] + 1}"
        )
    if known.scale is None and known.normalize is None:
        raise CheckpointError(
            f"{path}: {type(settings.data_loader).__name__} scales each feature by its own numbers, which checkpoints "
            "do not keep; use data_loader.args.normalize instead"
        )
    return known


def _build(config: ConfigParser, settings: Settings, known: Preprocessing) -> None:
    """Make the model for the samples that were trained on. Raises ConfigError."""
    with error_context(config, "trainer.ops"):
        ops = choose_ops(settings.trainer.ops, settings.trainer.dtype)
    with error_context(config, "arch"):
        assert known.input_shape is not None
        settings.arch.build(known.input_shape, RandomStreams(settings.seed), settings.trainer.dtype, ops)
    give_ops(settings, ops)
