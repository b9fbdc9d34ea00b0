"""The weights that a new run begins with, taken from a checkpoint: train.py --init."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.base_model import BaseModel
from base.errors import CheckpointError
from base.state import arrays_of
from base.types import Array
from logger.console import entry
from trainer.checkpoints.checkpoint import Checkpoint
from utils.screen import Layout


@dataclass(frozen=True)
class InitialWeights:
    """Parameters and buffers of a checkpoint: the moving average where it has one, which is what validation judged."""

    path: Path
    checkpoint: Checkpoint

    @property
    def arrays(self) -> dict[str, Array]:
        """Every array by its place in a model's state, such as "model/linear1.weight"."""
        state = self.checkpoint.state
        sections = {"model": "ema", "buffer": "ema_buffer"}
        return arrays_of({own: state.get(own, {}) | state.get(averaged, {}) for own, averaged in sections.items()})

    @property
    def origin(self) -> dict[str, Any]:
        """The checkpoint's path, epoch and digest, for the files of the run."""
        return {"checkpoint": str(self.path), "epoch": self.checkpoint.meta["epoch"], "digest": self.checkpoint.digest}

    def load_into(self, model: BaseModel) -> list[str | Layout]:
        """Copy what fits by name and shape; returns lines on what was taken, what is new and what was left.

        Raises CheckpointError where no parameter fits.
        """
        own, held = arrays_of(model.state_dict()), self.arrays
        taken = [path for path, array in own.items() if path in held and held[path].shape == array.shape]
        if not any(path.startswith("model/") for path in taken):
            raise CheckpointError(_nothing_fits(self.path, own, held))
        for path in taken:
            own[path][...] = held[path]
        new = {path: array.shape for path, array in own.items() if path not in taken}
        left = {path: array.shape for path, array in held.items() if path not in taken}
        meta = self.checkpoint.meta
        return [
            f"begins with weights of {self.path}, after epoch {meta['epoch']}, digest {self.checkpoint.digest}",
            _listing("taken", _by_layer(taken)),
            *([_listing("new", _shapes(new))] if new else []),
            *([_listing("left", _shapes(left))] if left else []),
        ]


def _nothing_fits(path: Path, own: dict[str, Array], held: dict[str, Array]) -> str:
    there, here = (_shapes({name: array.shape for name, array in arrays.items()}) for arrays in (held, own))
    return (
        f"{path}: no parameter fits the config's network by name and shape, so --init would begin with nothing of it\n"
        f"  the checkpoint has {', '.join(there)}\n  the network has {', '.join(here)}"
    )


def _listing(label: str, items: Sequence[str]) -> Layout:
    whole = ", ".join(item.replace(" ", "\0") for item in items)  # lines are broken between items alone
    return Layout(lambda columns: entry(label, whole, columns).replace("\0", " "))


def _by_layer(paths: Iterable[str]) -> list[str]:
    """Such as "linear1 (weight, bias)"."""
    layers: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        layer, _, name = path.partition("/")[2].rpartition(".")
        layers[layer].append(name)
    return [f"{layer} ({', '.join(names)})" for layer, names in layers.items()]


def _shapes(shapes: dict[str, tuple[int, ...]]) -> list[str]:
    return [f"{path.partition('/')[2]} {shape}" for path, shape in shapes.items()]
