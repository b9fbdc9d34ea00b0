"""Everything that a config describes, built and found to fit together."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from base.base_model import BaseModel
from base.dataset import Dataset
from base.errors import ConfigError
from base.monitor import Monitor
from base.random_streams import RandomStreams
from base.state import State
from base.types import Array
from data_loader.batch_order import BatchOrder
from data_loader.resampling.compose import mixes
from ops.choose import choose_ops
from ops.ops import Ops
from trainer.checks.memory import check_memory
from trainer.parallel_model import ParallelModel, auto_shards
from trainer.update import Update
from trainer.workers.workers import Workers
from utils.config.messages import shown, unknown
from utils.config.parser import ConfigParser
from utils.config.settings import Settings

CHECKED_ROWS = 4096  # targets that metrics are tried with at once
MEASURED_STEPS = 200  # of a run, at which updates are measured: enough for a curve


@dataclass(frozen=True)
class Experiment:
    """A config, its components, its data, and a model that fits them."""

    config: ConfigParser
    settings: Settings
    streams: RandomStreams
    model: BaseModel
    training: Dataset
    validation: Dataset | None
    test: Dataset | None

    @property
    def shards(self) -> int:
        """Into how many parts each batch is cut."""
        chosen = self.settings.trainer.shards
        return auto_shards(self.settings.data_loader.batch_size, len(self.model.values)) if chosen == "auto" else chosen

    def parallel(self) -> ParallelModel:
        """The model on as many shards and threads as the config says."""
        threads, micro_batches = self.settings.trainer.threads, self.settings.trainer.accumulate_steps
        most = min(micro_batches * self.settings.data_loader.batch_size, len(self.training))
        return ParallelModel(self.model, self.settings.loss, self.streams, self.shards, most, threads, micro_batches)

    def update(self, workers: Workers) -> Update:
        """The update of the model by gradients."""
        settings, trainer = self.settings, self.settings.trainer
        every = math.ceil(trainer.epochs * steps_per_epoch(settings, len(self.training)) / MEASURED_STEPS)
        return Update(
            self.model, settings.optimizer, settings.regularizer, workers, trainer.grad_clip, trainer.ema, every
        )

    @cached_property
    def data_state(self) -> State:
        """The state of the data, for checkpoints."""
        return self.settings.data_loader.state_dict()

    def data_notes(self) -> list[str]:
        """Lines to warn of: what loaders found, and how they differ from those of a checkpoint."""
        loader = self.settings.data_loader
        found = list(dict.fromkeys(loader.notes))
        if loader.changes:
            found.append(f"the training data are not those of the checkpoint: {'; '.join(loader.changes)}")
        if loader.known and self.validation is not None:
            found += loader.known.overlap(self.validation, "validation")
        return [f"data: {note}" for note in found]

    def state_dict(self) -> State:
        """Model, optimizer and scheduler."""
        optimizer, scheduler = self.settings.optimizer.state_dict(), self.settings.lr_scheduler
        return self.model.state_dict() | {
            "optimizer": optimizer,
            "scheduler": scheduler.state_dict() if scheduler else {},
        }

    def load_state_dict(self, state: State) -> None:
        """Continue from a state. Raises CheckpointError where it does not fit."""
        self.model.load_state_dict(state)
        self.settings.optimizer.load_state_dict(state["optimizer"])
        if self.settings.lr_scheduler and state.get("scheduler"):
            self.settings.lr_scheduler.load_state_dict(state["scheduler"])

    def empty_batch(self) -> tuple[Array, Array]:
        """Outputs that are all 0 and targets of two samples, to try metrics with."""
        return _empty_batch(self.settings, self.training, slice(0, 2))

    def order(self) -> BatchOrder:
        """The order of samples over steps."""
        loader, micro_batches = self.settings.data_loader, self.settings.trainer.accumulate_steps
        labels = self.training.read_targets(slice(None)) if loader.class_balanced else None
        return BatchOrder(len(self.training), loader.batch_size * micro_batches, loader.shuffle, self.streams, labels)

    def monitor(self) -> Monitor:
        """The monitor of the best epoch."""
        chosen = self.settings.trainer.monitor or ("min val_loss" if self.validation else "min loss")
        mode, _, metric = chosen.partition(" ")
        return Monitor(mode, metric, self.settings.trainer.early_stop, self.settings.trainer.min_delta)


def prepare(config: ConfigParser, data_state: State | None = None, same_config: bool = True) -> Experiment:
    """Build the components, read the data, as the state of a checkpoint says if one is given, and build the model.

    Raises ConfigError, naming the key, where parts do not fit each other; DataError where files are not right.
    """
    settings = config.build()
    streams = RandomStreams(settings.seed)
    if data_state:
        settings.data_loader.load_state_dict(data_state, strict=same_config)
    with error_context(config, "data_loader.args"):
        training, validation = settings.data_loader.load(streams)
        test = settings.data_loader.load_test(streams) if settings.trainer.log_test else None
    return assemble(config, settings, streams, training, validation, test)


def assemble(
    config: ConfigParser,
    settings: Settings,
    streams: RandomStreams,
    training: Dataset,
    validation: Dataset | None = None,
    test: Dataset | None = None,
) -> Experiment:
    """The experiment of built components and data in memory. Raises ConfigError where parts do not fit each other."""
    _check_micro_batches(config, settings, len(training))
    build_model(config, settings, training, streams)
    for held_out in (validation, test):
        if held_out is not None:
            _check_metrics(config, settings, held_out)
    return Experiment(config, settings, streams, settings.arch, training, validation, test)


def build_model(config: ConfigParser, settings: Settings, data: Dataset, streams: RandomStreams) -> None:
    """Build the model for the data, and see that loss, metrics and augmentation fit. Raises ConfigError."""
    ops = chosen_ops(config, settings)
    notes = settings.data_loader.notes
    with _telling_of_data(notes), error_context(config, "arch"):
        check_memory(settings, data)
        settings.arch.build(data.input_shape, streams, settings.trainer.dtype, ops)
    give_ops(settings, ops)
    give_class_counts(settings)
    with error_context(config, "optimizer.args.groups"):
        settings.optimizer.bind(settings.arch.values, settings.arch.parameter_ranges(), settings.arch.named_views)
    with _telling_of_data(notes), error_context(config, "arch and loss"):
        classes = None if data.classes is None else len(data.classes)
        settings.loss.check(settings.arch.output_shape, data.target_shape, classes)
    if data.sample_weight is not None:
        _check_weights(config, settings)
    _check_metrics(config, settings, data)
    _check_tsne(config, settings)
    check_augmentation(config, settings, data)


def chosen_ops(config: ConfigParser, settings: Settings) -> Ops:
    """The operations that the config asks for. Raises ConfigError where they cannot be had here."""
    with error_context(config, "trainer.ops"):
        return choose_ops(settings.trainer.ops, settings.trainer.dtype)


def give_ops(settings: Settings, ops: Ops) -> None:
    """Let all components of a step but the model, which has its own, compute with these operations."""
    settings.loss.ops = settings.optimizer.ops = ops
    if settings.regularizer is not None:
        settings.regularizer.ops = ops
    for augmentation in settings.augmentation or []:
        augmentation.ops = ops
    for metric in settings.metrics or []:
        metric.ops = ops


def give_class_counts(settings: Settings) -> None:
    """Tell the loss how many training samples each class has, of the data or the checkpoint that was read."""
    known = settings.data_loader.preprocessing
    if known is not None and known.classes is not None and known.class_counts is not None:
        settings.loss.class_names, settings.loss.class_counts = known.classes, np.array(known.class_counts)


def steps_per_epoch(settings: Settings, samples: int) -> int:
    """The number of steps per epoch for so many training samples."""
    samples_per_step = settings.data_loader.batch_size * settings.trainer.accumulate_steps
    return settings.trainer.len_epoch or -(-samples // samples_per_step)


def check_augmentation(config: ConfigParser, settings: Settings, data: Dataset) -> None:
    """Check that the augmentation fits the data. Raises ConfigError."""
    for position, augmentation in enumerate(settings.augmentation or []):
        with error_context(config, f"augmentation.{position}"):
            augmentation.check(data.input_shape)
            if len(taken := inspect.signature(augmentation.apply).parameters) != 3:
                raise ValueError(
                    f"{type(augmentation).__name__}.apply takes ({', '.join(taken)}); expected apply(self, x, target, "
                    f"generator), which returns (x, target): see docs/extending.md"
                )


def _check_weights(config: ConfigParser, settings: Settings) -> None:
    """Check that loss and augmentation know what to do with samples' weights."""
    with error_context(config, "loss"):
        for method in (settings.loss.loss_denominator, settings.loss.forward):
            if "sample_weight" not in inspect.signature(method).parameters:
                name = f"{type(settings.loss).__name__}.{method.__name__}"
                raise ValueError(f"{name} takes no sample_weight, but samples have weights: see docs/extending.md")
    with error_context(config, "augmentation"):
        if mixes(settings.augmentation or []):
            raise ValueError("samples that have weights cannot be mixed; leave one of the two out")


def _check_metrics(config: ConfigParser, settings: Settings, data: Dataset) -> None:
    """Check that metrics can compare outputs with targets, on samples whose outputs are all 0.

    Of class indices, which loaders make, two samples show it; of numbers, any may be none that a metric takes.
    """
    checked = 2 if data.classes else len(data)
    for metric in settings.metrics or []:
        with error_context(config, f"metrics ({metric.name})"), np.errstate(all="ignore"):
            for start in range(0, checked, CHECKED_ROWS):
                metric.reset()
                metric.update(*_empty_batch(settings, data, slice(start, min(start + CHECKED_ROWS, checked))))
                metric.compute()
        metric.reset()


def _empty_batch(settings: Settings, data: Dataset, samples: slice) -> tuple[Array, Array]:
    targets = data.read_targets(samples)
    return np.zeros((len(targets), *settings.arch.output_shape), settings.trainer.dtype), targets


def _check_micro_batches(config: ConfigParser, settings: Settings, samples: int) -> None:
    """Check that each micro-batch has samples."""
    micro_batches, batches = settings.trainer.accumulate_steps, -(-samples // settings.data_loader.batch_size)
    if micro_batches > batches:
        with error_context(config, "trainer.accumulate_steps"):
            size = settings.data_loader.batch_size
            raise ValueError(f"expected at most {batches}, the batches of {size} in an epoch")


def _check_tsne(config: ConfigParser, settings: Settings) -> None:
    names = [name for name, _ in settings.arch.named_layers()]
    layer = settings.trainer.tsne.layer if settings.trainer.tsne else None
    if layer is not None and layer not in names:
        with error_context(config, "trainer.tsne.layer"):
            raise ValueError(unknown(f"there is no layer {shown(layer)}", layer, names, "The network has"))


@contextmanager
def error_context(config: ConfigParser, key: str) -> Iterator[None]:
    """Turn a component's ValueError, or the system's refusal, into a ConfigError that names the key."""
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{config.source}: {key}: {_unread(error)}") from error
    except ValueError as error:
        raise ConfigError(f"{config.source}: {key}: {error}") from error
    except MemoryError as error:
        raise ConfigError(f"{config.source}: {key}: needs more memory than there is: {error}") from error


@contextmanager
def _telling_of_data(notes: list[str]) -> Iterator[None]:
    """Add how data were read, such as a column that was left out, to an error that may come of it."""
    try:
        yield
    except ConfigError as error:
        if not notes:
            raise
        raise ConfigError("\n  ".join([str(error), *(f"data: {note}" for note in dict.fromkeys(notes))])) from error


def _unread(error: OSError) -> str:
    which = f"{error.filename} cannot be read" if error.filename else "a file cannot be read"
    return f"{which}: {error.strerror or error}; see whether the path is right and you may read it"
