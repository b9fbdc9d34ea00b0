"""Figures of the confusion matrix of an epoch."""

import math
from abc import abstractmethod

import numpy as np

from base.base_metric import BaseMetric
from base.constraints import NonNegativeInt
from base.errors import UserError
from base.types import Array
from model.confusion import Average, Confusion, no_counts
from model.targets import labelled_classes


class ConfusionFigure(BaseMetric):
    """A figure of how often each class was taken for each; of target probabilities (N, C) the largest counts.

    Numbers 0 and 1, or -1 and 1, are classes too; `update` raises ValueError for others.

    threshold: above it a single output says class 1, else 0.
    """

    def __init__(self, threshold: float = 0.5) -> None:
        super().__init__()
        self.threshold = threshold

    def reset(self) -> None:
        self.totals = {"counts": no_counts(0)}

    def update(self, output: Array, target: Array) -> None:
        if not len(self.totals["counts"]):
            self.totals = {"counts": no_counts(max(output.shape[1], 2))}
        said = output.argmax(axis=1) if output.shape[1] > 1 else (output[:, 0] > self.threshold).astype(np.int64)
        Confusion(self.totals["counts"]).add(said, labelled_classes(target, output))

    def compute(self) -> float:
        return self.figure(Confusion(self.totals["counts"]))

    @abstractmethod
    def figure(self, confusion: Confusion) -> float:
        """The figure; nan without samples."""


class AveragedFigure(ConfusionFigure):
    """A figure that each class has, averaged over classes or of one class."""

    def __init__(
        self, average: Average = "macro", class_index: NonNegativeInt | None = None, threshold: float = 0.5
    ) -> None:
        super().__init__(threshold)
        self.average = average
        self.class_index = class_index

    def figure(self, confusion: Confusion) -> float:
        figures, one = self.of_classes(confusion), self.class_index
        if one is None or not len(figures):
            return confusion.averaged(figures, self.average)
        if one >= len(figures):
            raise UserError(f"metrics: {self.name}: class_index is {one}, but classes go from 0 to {len(figures) - 1}")
        return float(figures[one])

    @abstractmethod
    def of_classes(self, confusion: Confusion) -> Array:
        """The figure of each class (K,)."""


class precision(AveragedFigure):  # noqa: N801 - a figure of the log, written as the others are
    """Of the samples taken for a class, the share that is of it: hits / predicted, 0 where none was.

    average: "macro" is the mean over the classes that occur, "weighted" the mean weighted by how often they are true,
        "micro" the figure of all decisions together.
    class_index: the one class whose figure is reported (null: the average).
    threshold: above it a single output says class 1, else 0; 0.5 suits probabilities, 0 logits and margins.
    """

    def of_classes(self, confusion: Confusion) -> Array:
        return confusion.precision()


class recall(AveragedFigure):  # noqa: N801
    """Of the samples of a class, the share that is recognised: hits / actual, 0 where there are none.

    average: "macro" is the mean over the classes that occur, "weighted" the mean weighted by how often they are true,
        "micro" the figure of all decisions together.
    class_index: the one class whose figure is reported (null: the average).
    threshold: above it a single output says class 1, else 0; 0.5 suits probabilities, 0 logits and margins.
    """

    def of_classes(self, confusion: Confusion) -> Array:
        return confusion.recall()


class f1(AveragedFigure):  # noqa: N801
    """The harmonic mean of precision and recall: 2 hits / (predicted + actual), 0 where a class does not occur.

    average: "macro" is the mean over the classes that occur, "weighted" the mean weighted by how often they are true,
        "micro" the figure of all decisions together.
    class_index: the one class whose figure is reported (null: the average).
    threshold: above it a single output says class 1, else 0; 0.5 suits probabilities, 0 logits and margins.
    """

    def of_classes(self, confusion: Confusion) -> Array:
        return confusion.f1()


class balanced_accuracy(ConfusionFigure):  # noqa: N801
    """The mean of the recalls of the classes that have samples, so that rare ones count as much as common ones.

    threshold: above it a single output says class 1, else 0; 0.5 suits probabilities, 0 logits and margins.
    """

    def figure(self, confusion: Confusion) -> float:
        seen = confusion.recall()[confusion.actual > 0]
        return math.fsum(seen) / len(seen) if len(seen) else float("nan")
