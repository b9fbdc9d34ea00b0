"""The ratio of updates to weights, layer by layer."""

from __future__ import annotations

import math

import numpy as np

from base.base_model import BaseModel
from base.shared_memory import shared_zeros
from base.types import Array
from ops.ops import Ops
from ops.tree_sum import tree_sum

_PREFIX = "update/"


def ratio_names(model: BaseModel) -> list[str]:
    """The log's names of the layers' ratios, such as "update/linear1"."""
    return [_PREFIX + layer for layer in _weights_of_layers(model)]


class UpdateRatio:
    """||w' - w|| / ||w|| for the weights w of each layer, which a step has changed to w'.

    A ratio near 1e-3 is often recommended: see Karpathy, CS231n notes, "Ratio of weights:updates". It is measured in
    every `every`-th step, piece by piece of the parameter vector, by the worker that updates the piece.
    """

    def __init__(self, model: BaseModel, pieces: list[slice], every: int, ops: Ops) -> None:
        self.every = every
        self.ops = ops
        self._values = model.values
        self._pieces = pieces
        self._layers = _weights_of_layers(model)
        self.squares = shared_zeros((len(pieces), len(self._layers), 2), np.float64)  # of each piece

    def due(self, step: int) -> bool:
        """True if step number `step`, from 0, is measured."""
        return step % self.every == 0

    def before(self, index: int) -> Array:
        """A copy of a piece of the parameters before its update."""
        return self._values[self._pieces[index]].copy()

    def after(self, index: int, before: Array) -> None:
        """Measure the update of the piece."""
        piece = self._pieces[index]
        for layer, ranges in enumerate(self._layers.values()):
            parts = [slice(max(piece.start, part.start), min(piece.stop, part.stop)) for part in ranges]
            squares = [self._measure(part, piece.start, before) for part in parts if part.start < part.stop]
            self.squares[index, layer] = tree_sum(squares) if squares else 0.0

    def ratios(self) -> dict[str, float]:
        """The ratio of each layer, by `ratio_names`, in the step measured last; nan where all weights were 0."""
        changes = np.sqrt(tree_sum(list(self.squares)))
        return {
            _PREFIX + name: float(change / size) if size > 0 else math.nan
            for name, (change, size) in zip(self._layers, changes, strict=True)
        }

    def _measure(self, part: slice, start: int, before: Array) -> Array:
        new, old = self._values[part], before[part.start - start : part.stop - start]
        return np.array([self.ops.sum_of_squares(new - old), self.ops.sum_of_squares(old)])


def _weights_of_layers(model: BaseModel) -> dict[str, list[slice]]:
    """The ranges of the parameter vector that are weights of each layer, in the network's order."""
    layers: dict[str, list[slice]] = {}
    ranges = model.parameter_ranges()
    for name, parameter in model.named_parameters():
        if parameter.is_weight:
            layers.setdefault(name.rpartition(".")[0], []).append(ranges[name])
    return layers
