"""From arrays in memory to a trained network."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Literal

from base.base_trainer import Record
from base.dataset import Dataset
from base.errors import CheckpointError
from base.random_streams import RandomStreams
from logger.history import History
from logger.setup import run_log
from logger.step_history import StepHistory
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.resume import Plan
from trainer.checkpoints.snapshot import restore_experiment
from trainer.estimators.network import TrainedNetwork
from trainer.estimators.settings import EstimatorDataLoader
from trainer.experiment import Experiment, assemble
from trainer.reporting.chosen import chosen_callbacks
from trainer.trainer import Trainer
from utils.config.parser import ConfigParser

Begin = Literal["anew", "from weights", "one more epoch"]


def train_in_memory(
    config: ConfigParser, data: Dataset, begin: Begin, network: TrainedNetwork | None
) -> tuple[TrainedNetwork, Sequence[Record]]:
    """Train as the config says, and write no file; returns the network and the figures of each epoch.

    "from weights" is a training that begins with those of a network; "one more epoch" goes on with its optimizer, too.
    """
    experiment = _experiment(config, data)
    loader, verbosity = experiment.settings.data_loader, experiment.settings.trainer.verbosity
    history = History(None)
    with run_log(None, verbosity) if verbosity else nullcontext(), experiment.parallel() as parallel:
        if network is not None:
            _begin_with(network, experiment, begin)
        trainer = Trainer(experiment, parallel, None, history, StepHistory(None), chosen_callbacks(experiment))
        if begin == "one more epoch":
            if network:
                trainer.load_state_dict(network.checkpoint.state, same_config=False)
            trainer.run_epoch()
        else:
            trainer.train()
        kept = trainer.checkpoints.best or trainer.checkpoint().copy()
    assert loader.preprocessing is not None
    checkpoint = Checkpoint(kept.arrays, kept.meta | {"config": config.resolved})
    return TrainedNetwork(config, data.input_shape, loader.preprocessing, checkpoint), history.records


def _begin_with(network: TrainedNetwork, experiment: Experiment, begin: Begin) -> None:
    try:
        if begin == "from weights":
            experiment.model.load_state_dict(network.checkpoint.state)
        else:
            restore_experiment(experiment, Plan(experiment.config, network.checkpoint))
    except CheckpointError as error:
        raise CheckpointError(
            f"{error}\nthe network that is trained already (the checkpoint) is of another form; fit begins with a new "
            "one where warm_start is False"
        ) from error


def _experiment(config: ConfigParser, data: Dataset) -> Experiment:
    settings = config.build()
    loader, streams = settings.data_loader, RandomStreams(settings.seed)
    assert isinstance(loader, EstimatorDataLoader)
    loader.data = data
    return assemble(config, settings, streams, *loader.load(streams))
