"""A trained network in use: predictions of samples that have no targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from base.base_model import BaseModel
from base.errors import CheckpointError, DataError
from base.outputs import PROBABILISTIC, Meaning, class_probabilities, predicted_classes
from base.preprocessing import Preprocessing
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.unlabelled.blocks import Block
from data_loader.unlabelled.in_memory import blocks_of
from data_loader.unlabelled.problems import Problems
from data_loader.unlabelled.sample_reader import SampleReader
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.resume import checkpoint_config, find_scored, load_or_offer
from trainer.checkpoints.trained import build_trained, known_preprocessing
from trainer.experiment import chosen_ops, give_ops
from trainer.parallel_model import ParallelModel
from trainer.workers.workers import Workers
from utils.config.settings import Settings
from utils.cores import cores
from utils.shell import shell_command

_FEW = 8  # samples for which no processes are made


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
        preprocessing, ops = _preprocessing(path, held, settings), chosen_ops(config, settings)
        assert preprocessing.input_shape is not None
        build_trained(config, settings, held, preprocessing.input_shape, ops)
        give_ops(settings, ops)
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
    def meaning(self) -> Meaning:
        """The interpretation of the outputs, which the loss decides."""
        return self.settings.loss.outputs

    @property
    def has_probabilities(self) -> bool:
        """True if the outputs tell probabilities of classes."""
        return self.classes is not None and self.meaning in PROBABILISTIC

    @cached_property
    def reader(self) -> SampleReader:
        """The network's way to read samples."""
        return SampleReader(self.preprocessing, self.settings.data_loader)

    def predict(self, inputs: Any) -> Array:
        """The names of the predicted classes (N,), or the predicted numbers (N, ...).

        Inputs are samples as the data set stores them: an array (N, ...), of images bytes (N, H, W, C); for a table
        also a pandas.DataFrame, whose columns are found by name; or a path, or several, to files or folders. Raises
        DataError, before anything is predicted twice, for the first that cannot be read.
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
        problems, parts = Problems(), [np.empty((0, *self.model.output_shape), self.model.values.dtype)]
        parallel, rows = None, -1
        try:
            for block in blocks_of(inputs, self.reader, problems):
                if parallel is None or len(block) > rows:
                    if parallel is not None:
                        parallel.close()
                    parallel, rows = self.parallel(len(block)), len(block)
                parts.append(self.predict_block(block, parallel, problems)[1])
        finally:
            if parallel is not None:
                parallel.close()
        if problems.count:
            raise DataError(problems.text())
        return np.concatenate(parts)

    def predict_block(self, block: Block, parallel: ParallelModel, problems: Problems) -> tuple[Array, Array]:
        """The positions of the samples of a block that can be read, and their outputs; the others are told of."""
        try:
            data, kept, wrong = self.reader.read(block, _in_parallel(parallel.workers), problems)
        except DataError as error:
            problems.fail(str(error))
            return np.empty(0, np.intp), np.empty((0, *self.model.output_shape), self.model.values.dtype)
        for text in wrong.values():
            problems.fail(text)
        return kept, parallel.predict(data).copy()

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
        shards = cores() if rows > _FEW else 1
        return ParallelModel(self.model, self.settings.loss, RandomStreams(self.settings.seed), shards, rows)


def _in_parallel(workers: Workers) -> Callable[[Callable[[Any], None], Iterable[Any]], None]:
    def run(function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
        with workers.parallel_region("reading samples"):
            workers.run(function, tasks)

    return run


def _preprocessing(path: Path, checkpoint: Checkpoint, settings: Settings) -> Preprocessing:
    """The preprocessing that the checkpoint or its config tells. Raises CheckpointError where that is too little."""
    known = known_preprocessing(settings, checkpoint)
    if known is None:
        raise CheckpointError(
            f"{path}: was written before checkpoints knew their data, and its config does not tell the names of "
            "classes, the shape of samples and their statistics; train on for an epoch to have them: "
            f"{shell_command('python', 'train.py', '-r', path, '--epochs')} {checkpoint.meta['epoch'] + 1}"
        )
    if known.scale is None and known.normalize is None:
        raise CheckpointError(
            f"{path}: {type(settings.data_loader).__name__} scales each feature by its own numbers, which checkpoints "
            "do not keep; use data_loader.args.normalize instead"
        )
    return known
