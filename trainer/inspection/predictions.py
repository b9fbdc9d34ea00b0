"""Predictions of a network and their errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from base.outputs import PROBABILISTIC, Meaning, class_probabilities, predicted_classes
from base.types import Array
from model.confusion import Confusion, no_counts


@dataclass(frozen=True)
class Predictions:
    """Targets and predictions (N,): class indices, or numbers where `classes` is None.

    `certainty` (N,) says how sure the network is of each prediction; it is a probability if `has_probabilities`, and
    else how large the output is (for a single output: how far from its middle). `second` (N,) is, of two classes, how
    much the second is said. Both are empty for numbers. Outputs that are not one class or number leave all empty.
    """

    loss: float
    classes: tuple[str, ...] | None
    targets: Array
    predictions: Array
    certainty: Array
    second: Array
    has_probabilities: bool

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def confusion(self) -> Array:
        """Counts (K, K), a row for each true class."""
        assert self.classes is not None
        confusion = Confusion(no_counts(len(self.classes)))
        confusion.add(self.predictions, self.targets)
        return confusion.counts

    def mistakes(self, most: int) -> Array:
        """The samples that are wrong, surest first; where numbers are predicted, those with the largest errors."""
        if self.classes is None:
            return np.argsort(-np.abs(self.predictions - self.targets), kind="stable")[:most]
        wrong = np.flatnonzero(self.predictions != self.targets)
        return wrong[np.argsort(-self.certainty[wrong], kind="stable")][:most]

    @property
    def wrong(self) -> int:
        """The number of wrong classes."""
        return int(np.count_nonzero(self.predictions != self.targets))


class PredictionCollector:
    """Collects the predictions of batches, and their outputs if `keep_outputs`."""

    def __init__(self, classes: tuple[str, ...] | None, meaning: Meaning, keep_outputs: bool = False) -> None:
        self.classes = classes
        self.meaning = meaning
        self.keep_outputs = keep_outputs
        self._parts: list[tuple[Array, ...]] = []
        self._outputs: list[Array] = []

    @property
    def outputs(self) -> Array:
        """All outputs (N, ...), if `keep_outputs`."""
        return np.concatenate(self._outputs)

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch."""
        if self.keep_outputs:
            self._outputs.append(output.copy())
        rows = output.reshape(len(output), -1).astype(np.float64)
        if self.classes is None:
            self._parts.append(_numbers(rows, target))
        else:
            self._parts.append(self._classes(rows, target))

    def predictions(self, loss: float) -> Predictions:
        """The predictions of all batches, whose mean loss is `loss`."""
        columns = [np.concatenate(parts) for parts in zip(*self._parts, strict=True)]
        known = self.classes is not None and self.meaning in PROBABILISTIC
        targets, predictions, certainty, second = columns
        return Predictions(loss, self.classes, targets, predictions, certainty, second, known)

    def _classes(self, outputs: Array, targets: Array) -> tuple[Array, ...]:
        predictions = predicted_classes(outputs, self.meaning)
        with np.errstate(all="ignore"):
            probabilities = class_probabilities(outputs, self.meaning)
        if probabilities is None and outputs.shape[1] == 1:
            second = outputs[:, 0]
            certainty = np.abs(second - (0.0 if self.meaning == "margins" else 0.5))
            return targets, predictions, certainty, second
        scores = outputs if probabilities is None else probabilities
        certainty = np.take_along_axis(scores, predictions[:, None], axis=1)[:, 0]
        second = scores[:, 1] if scores.shape[1] == 2 else np.zeros(len(scores))
        return targets.copy(), predictions, certainty, second


def _numbers(outputs: Array, targets: Array) -> tuple[Array, ...]:
    """Single numbers as they are; of more there is no one prediction, and nothing is kept."""
    flat = targets.reshape(len(targets), -1)
    kept = len(outputs) if outputs.shape[1] == 1 == flat.shape[1] else 0
    nothing = np.empty(0)
    return flat[:kept, 0].astype(np.float64), outputs[:kept, 0].copy(), nothing, nothing
