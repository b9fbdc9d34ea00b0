"""One sample on its way through a trained network, and back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from base.base_layer import RandomContext
from base.base_model import BaseModel
from base.dataset import Dataset
from base.errors import DataError, UserError
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.unlabelled.blocks import Block
from data_loader.unlabelled.problems import Problems
from model.hooks import layer_hooks
from model.layers.activations import Sigmoid, Softmax
from model.layers.log_softmax import LogSoftmax
from model.unit_gradient import unit_gradient
from trainer.predictor import Predictor


@dataclass(frozen=True)
class Pass:
    """A sample's outputs (K,), the outputs of some layers, and the gradient of the target's logit by the input."""

    outputs: Array
    layers: dict[str, Array]
    target: int
    gradient: Array


class DrawnNetwork:
    """A trained network that takes one sample at a time, from any thread."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor
        self._model = predictor.model.replica(RandomContext(RandomStreams(predictor.settings.seed), shard=0))
        self._model.eval()
        self._model.root.needs_input_gradient = True
        self._lock = Lock()
        self._logits = _logit_layer(self._model)

    def inputs_of(self, block: Block) -> Array:
        """The network's input for a block of one sample (1, ...). Raises DataError for one that is not right."""
        data, _, wrong = self.predictor.reader.read(block, _in_turn, Problems())
        if wrong:
            raise DataError(next(iter(wrong.values())))
        return data.inputs_of(slice(None), self._model.values.dtype)

    def through(self, x: Array, layers: Collection[str], target: int | None = None) -> Pass:
        """A sample's way through the network, and back from a class's logit, that of the predicted one by default.

        Raises UserError for a class that is not there.
        """
        with self._lock:
            with self._kept(layers) as kept:
                outputs = self._model.forward(x).reshape(-1).copy()
            target = int(outputs.argmax()) if target is None and len(outputs) > 1 else (target or 0)
            return Pass(outputs, kept, target, self._gradient_of_class(target))

    def gradient_of_unit(self, x: Array, layer: str, unit: int) -> Array:
        """The gradient of one number of a layer's output by the input. Raises UserError where there is none."""
        with self._lock:
            self._model.forward(x)
            try:
                return unit_gradient(self._model, layer, unit)
            except (KeyError, IndexError):
                raise UserError(f"there is no unit {unit} of a layer {layer!r}") from None

    def over(self, data: Dataset, layer: str | None = None, rows: int = 256) -> Iterator[Array]:
        """The outputs for the samples of a data set, or a layer's, block by block (valid until the next)."""
        for start in range(0, len(data), rows):
            x = data.inputs_of(slice(start, start + rows), self._model.values.dtype)
            with self._lock:  # for one block, so that the page does not wait
                yield self._model.forward(x) if layer is None else self._model.output_of(x, layer)

    @contextmanager
    def _kept(self, layers: Collection[str]) -> Iterator[dict[str, Array]]:
        """Context manager: copies of the outputs of these layers, by path."""
        kept: dict[str, Array] = {}

        def keep(name: str, _: Array, output: Array) -> None:
            if name in layers:
                kept[name] = output[0].copy()

        with layer_hooks(self._model, keep, lambda *_: None):
            yield kept

    def _gradient_of_class(self, target: int) -> Array:
        shape = self._model.output_shape
        if not 0 <= target < max(2, int(np.prod(shape))):
            raise UserError(f"there is no class {target}")
        if shape == (1,) and self.predictor.classes is not None:  # what speaks for the one class is against the other
            gradient = unit_gradient(self._model, self._logits, 0)
            return gradient if target else -gradient
        return unit_gradient(self._model, self._logits, target)


def _logit_layer(model: BaseModel) -> str:
    """The layer whose output becomes probabilities: the last, or the one before where the last is softmax or alike."""
    leaves = model.leaves()
    is_squashed = isinstance(leaves[-1][1], Softmax | LogSoftmax | Sigmoid)
    return leaves[-2 if is_squashed and len(leaves) > 1 else -1][0]


def _in_turn(function: Callable[[Any], None], tasks: Iterable[Any]) -> None:
    for task in tasks:
        function(task)
