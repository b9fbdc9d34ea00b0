"""A trained network with what its checkpoint knows of its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from base.base_model import BaseModel
from base.errors import CheckpointError, UserError
from base.preprocessing import Preprocessing
from base.types import Shape
from ops.ops import Ops
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.resume import checkpoint_config, find_scored, load_or_offer
from trainer.checkpoints.trained import build_trained, known_preprocessing
from utils.config.settings import Settings
from utils.shell import shell_command


@dataclass(frozen=True)
class Trained:
    """A network whose weights are a checkpoint's; `known` is None for a checkpoint that does not know its data.

    `dtype` is the type that the exported network computes in, `notes` are what a user should be told.
    """

    path: Path
    checkpoint: Checkpoint
    settings: Settings
    known: Preprocessing | None
    dtype: np.dtype
    notes: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, wanted: str, input_shape: Sequence[int] | None = None, dtype: str | None = None) -> Trained:
        """The network of a checkpoint, a run's folder or the word "latest". Raises CheckpointError, UserError.

        `input_shape` is the shape of a sample, for a checkpoint that does not know it. `dtype` None means that which
        the network was trained in.
        """
        path = find_scored(wanted, None)
        checkpoint = load_or_offer(path, "python", "export.py", "-r")
        config = checkpoint_config(path, checkpoint)
        settings = config.build()
        known = known_preprocessing(settings, checkpoint)
        shape = _shape(path, checkpoint, known, input_shape)
        build_trained(config, settings, checkpoint, shape, Ops()).eval()
        known, notes = _exported(path, settings, known)
        return cls(path, checkpoint, settings, known, np.dtype(dtype or settings.trainer.dtype), notes)

    @property
    def model(self) -> BaseModel:
        """The network."""
        return self.settings.arch


def _shape(path: Path, checkpoint: Checkpoint, known: Preprocessing | None, given: Sequence[int] | None) -> Shape:
    """The shape of a sample as the network reads it: where nothing tells it, that which its first weights take."""
    if known is not None and known.input_shape is not None:
        if given is not None and tuple(given) != known.input_shape:
            raise UserError(
                f"--input-shape: {path} was trained on samples of shape {known.input_shape}; leave the option out"
            )
        return known.input_shape
    first = next((array for name, array in checkpoint.arrays.items() if name.startswith("model/")), None)
    if given is None and (first is None or first.ndim != 2):
        raise CheckpointError(
            f"{path}: does not know the shape of its samples, as it was written before checkpoints knew their data; "
            f"give it: {shell_command('python', 'export.py', '-r', path)} --input-shape HEIGHT WIDTH CHANNELS"
        )
    return tuple(given) if given is not None else first.shape[:1] if first is not None else ()


def _exported(path: Path, settings: Settings, known: Preprocessing | None) -> tuple[Preprocessing | None, list[str]]:
    """The preprocessing that can be exported, and what the user should know of the rest."""
    shape, loader = settings.arch.input_shape, type(settings.data_loader).__name__
    alone = f"exported is the network alone, which takes samples {shape} of floats as it was trained on them"
    if known is None:
        return None, [f"{path} was written before checkpoints knew their data: {alone}, and classes have numbers"]
    if known.scale is None and known.normalize is None:
        note = f"{loader} scales each feature by its own numbers, which checkpoints do not keep: {alone}; use normalize"
        return replace(known, columns=None), [note]
    return known, []
