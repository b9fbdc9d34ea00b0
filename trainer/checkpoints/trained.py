"""The network of a checkpoint, without its training data."""

from __future__ import annotations

from base.base_model import BaseModel
from base.preprocessing import Preprocessing
from base.random_streams import RandomStreams
from base.types import Shape
from ops.ops import Ops
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.snapshot import restore_scored
from trainer.experiment import error_context
from utils.config.parser import ConfigParser
from utils.config.settings import Settings


def known_preprocessing(settings: Settings, checkpoint: Checkpoint) -> Preprocessing | None:
    """The preprocessing that the checkpoint or its config tells; None where that is not even a sample's shape."""
    if state := checkpoint.state.get("data"):
        settings.data_loader.load_state_dict(state)
    known = settings.data_loader.preprocessing or settings.data_loader.described()
    return None if known is None or known.input_shape is None else known


def build_trained(
    config: ConfigParser, settings: Settings, checkpoint: Checkpoint, input_shape: Shape, ops: Ops
) -> BaseModel:
    """Build the network for samples of a shape, with the weights that validation judged.

    Raises ConfigError where it takes no such samples, CheckpointError where the weights are another's.
    """
    with error_context(config, "arch"):
        settings.arch.build(input_shape, RandomStreams(settings.seed), settings.trainer.dtype, ops)
    restore_scored(settings.arch, checkpoint, settings.trainer.ema is not None)
    return settings.arch
