"""Everything that a config describes, built and found to fit together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from base.base_data_loader import Dataset
from base.base_model import BaseModel
from base.errors import ConfigError
from base.monitor import Monitor
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.batch_order import BatchOrder
from ops.choose import choose_ops
from ops.ops import Ops
from trainer.checks.memory import refuse_too_large
from trainer.parallel_model import ParallelModel, auto_shards
from trainer.update import Update
from trainer.workers.workers import Workers
from utils.config.messages import shown, unknown
from utils.config.parser import ConfigParser
from utils.config.settings import RunConfig

CHECKED_ROWS = 4096  # targets that metrics are tried with at once
MEASURED_STEPS = 200  # of a run, at which updates are measured: enough for a curve


@dataclass(frozen=True)
class Experiment:
    """A config, its components, its data, and a model that fits them."""

    config: ConfigParser
    run: RunConfig
    streams: RandomStreams
    model: BaseModel
    training: Dataset
    validation: Dataset | None
    test: Dataset | None

    @property
    def shards(self) -> int:
        """Into how many parts each batch is cut."""
        chosen = self.run.trainer.shards
        return auto_shards(self.run.data_loader.batch_size, len(self.model.values)) if chosen == "auto" else chosen

    def parallel(self) -> ParallelModel:
        """The model on as many shards and threads as the config says."""
        settings, turns = self.run.trainer, self.run.trainer.accumulate_steps
        most = min(turns * self.run.data_loader.batch_size, len(self.training))
        return ParallelModel(self.model, self.run.loss, self.streams, self.shards, most, settings.threads, turns)

    def update(self, workers: Workers) -> Update:
        """How gradients change the model."""
        settings = self.run.trainer
        every = math.ceil(settings.epochs * steps_per_epoch(self.run, len(self.training)) / MEASURED_STEPS)
        return Update(
            self.model, self.run.optimizer, self.run.regularizer, workers, settings.grad_clip, settings.ema, every
        )

    def empty_batch(self) -> tuple[Array, Array]:
        """Outputs that are all 0 and targets of two samples, to try metrics with."""
        return _empty_batch(self.run, self.training, slice(0, 2))

    def order(self) -> BatchOrder:
        """Which samples each step learns from."""
        loader, turns = self.run.data_loader, self.run.trainer.accumulate_steps
        return BatchOrder(len(self.training), loader.batch_size * turns, loader.shuffle, self.streams)

    def monitor(self) -> Monitor:
        """What decides which epoch is best."""
        chosen = self.run.trainer.monitor or ("min val_loss" if self.validation else "min loss")
        mode, _, figure = chosen.partition(" ")
        return Monitor(mode, figure, self.run.trainer.early_stop)


def prepare(config: ConfigParser) -> Experiment:
    """Build the components, read the data and build the model.

    Raises ConfigError, naming the key, where parts do not fit each other; DataError where files are not right.
    """
    run = config.build()
    streams = RandomStreams(run.seed)
    with blaming(config, "data_loader.args"):
        training, validation = run.data_loader.load(streams)
        test = run.data_loader.load_test(streams) if run.trainer.log_test else None
    _check_turns(config, run, len(training))
    fit(config, run, training, streams)
    for held_out in (validation, test):
        if held_out is not None:
            _check_metrics(config, run, held_out)
    return Experiment(config, run, streams, run.arch, training, validation, test)


def fit(config: ConfigParser, run: RunConfig, data: Dataset, streams: RandomStreams) -> None:
    """Build the model for the data, and see that loss and augmentation fit. Raises ConfigError."""
    with blaming(config, "trainer.ops"):
        ops = choose_ops(run.trainer.ops, run.trainer.dtype)
    with blaming(config, "arch"):
        refuse_too_large(run, data)
        run.arch.build(data.input_shape, streams, run.trainer.dtype, ops)
    give_ops(run, ops)
    with blaming(config, "optimizer.args.groups"):
        run.optimizer.bind(run.arch.values, run.arch.parameter_ranges())
    with blaming(config, "arch and loss"):
        run.loss.check(run.arch.output_shape, data.target_shape, None if data.classes is None else len(data.classes))
    _check_metrics(config, run, data)
    _check_tsne(config, run)
    check_augmentation(config, run, data)


def give_ops(run: RunConfig, ops: Ops) -> None:
    """Let all components of a step but the model, which has its own, compute with these operations."""
    run.loss.ops = run.optimizer.ops = ops
    if run.regularizer is not None:
        run.regularizer.ops = ops
    for augmentation in run.augmentation or []:
        augmentation.ops = ops
    for metric in run.metrics or []:
        metric.ops = ops


def steps_per_epoch(run: RunConfig, samples: int) -> int:
    """How many steps an epoch has, where there are so many samples to train on."""
    return run.trainer.len_epoch or -(-samples // (run.data_loader.batch_size * run.trainer.accumulate_steps))


def check_augmentation(config: ConfigParser, run: RunConfig, data: Dataset) -> None:
    """See that the data can be augmented as the config says. Raises ConfigError."""
    for position, augmentation in enumerate(run.augmentation or []):
        with blaming(config, f"augmentation.{position}"):
            augmentation.check(data.input_shape)


def _check_metrics(config: ConfigParser, run: RunConfig, data: Dataset) -> None:
    """See that metrics can compare what the network gives with the targets, on samples whose outputs are all 0.

    Of class indices, which loaders make, two samples show it; of numbers, any may be none that a metric takes.
    """
    checked = 2 if data.classes else len(data)
    for metric in run.metrics or []:
        with blaming(config, f"metrics ({metric.name})"):
            for start in range(0, checked, CHECKED_ROWS):
                metric.reset()
                metric.update(*_empty_batch(run, data, slice(start, min(start + CHECKED_ROWS, checked))))
                metric.compute()
        metric.reset()


def _empty_batch(run: RunConfig, data: Dataset, samples: slice) -> tuple[Array, Array]:
    targets = data.read_targets(samples)
    return np.zeros((len(targets), *run.arch.output_shape), run.trainer.dtype), targets


def _check_turns(config: ConfigParser, run: RunConfig, samples: int) -> None:
    """See that each part of an accumulated batch has samples."""
    turns, batches = run.trainer.accumulate_steps, -(-samples // run.data_loader.batch_size)
    if turns > batches:
        with blaming(config, "trainer.accumulate_steps"):
            raise ValueError(f"expected at most {batches}, the batches of {run.data_loader.batch_size} in an epoch")


def _check_tsne(config: ConfigParser, run: RunConfig) -> None:
    names = [name for name, _ in run.arch.named_layers()]
    layer = run.trainer.tsne.layer if run.trainer.tsne else None
    if layer is not None and layer not in names:
        with blaming(config, "trainer.tsne.layer"):
            raise ValueError(unknown(f"there is no layer {shown(layer)}", layer, names, "The network has"))


@contextmanager
def blaming(config: ConfigParser, key: str) -> Iterator[None]:
    """Turn a component's ValueError, or the system's refusal, into a ConfigError that names the key."""
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{config.source}: {key}: {_unread(error)}") from error
    except ValueError as error:
        raise ConfigError(f"{config.source}: {key}: {error}") from error
    except MemoryError as error:
        raise ConfigError(f"{config.source}: {key}: needs more memory than there is: {error}") from error


def _unread(error: OSError) -> str:
    which = f"{error.filename} cannot be read" if error.filename else "a file cannot be read"
    return f"{which}: {error.strerror or error}; see whether the path is right and you may read it"
