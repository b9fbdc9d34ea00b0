"""Confusion matrix, and the metrics that follow from it."""

import math
from typing import Literal

import numpy as np

from base.types import Array

Average = Literal["macro", "micro", "weighted"]


class Confusion:
    """Counts (K, K): how often each true class (row) was taken for each class (column).

    Figures of a class are 0 where they would divide by zero, as in scikit-learn.
    """

    def __init__(self, counts: Array) -> None:
        self.counts = counts

    def add(self, predictions: Array, targets: Array) -> None:
        """Count a batch of class indices (N,)."""
        classes = len(self.counts)
        pairs = targets.astype(np.int64) * classes + predictions
        self.counts += np.bincount(pairs, minlength=classes**2).reshape(classes, classes)

    @property
    def hits(self) -> Array:
        """True positives of each class."""
        return self.counts.diagonal()

    @property
    def predicted(self) -> Array:
        """The number of predictions of each class."""
        return np.asarray(self.counts.sum(axis=0))

    @property
    def actual(self) -> Array:
        """The number of samples of each class."""
        return np.asarray(self.counts.sum(axis=1))

    def precision(self) -> Array:
        """Of what was taken for a class, the share that is of it: hits / predicted."""
        return ratio(self.hits, self.predicted)

    def recall(self) -> Array:
        """Of what is of a class, the share that was recognised: hits / actual."""
        return ratio(self.hits, self.actual)

    def f1(self) -> Array:
        """The harmonic mean of precision and recall: 2 hits / (predicted + actual)."""
        return ratio(2 * self.hits, self.predicted + self.actual)

    def averaged(self, figures: Array, average: Average) -> float:
        """One number for precisions, recalls or F1 (K,) of all classes; nan without samples.

        "macro": the mean over classes that are true or were said at least once, as in scikit-learn. "weighted": the
        mean weighted by how often each is true. "micro": the figure of all decisions together, which is the accuracy
        for each of the three.
        """
        samples = self.counts.sum()
        if samples == 0:
            return float("nan")
        if average == "micro":
            return float(self.hits.sum() / samples)
        if average == "weighted":
            return math.fsum(figures * self.actual) / float(samples)
        seen = figures[self.predicted + self.actual > 0]
        return math.fsum(seen) / len(seen)


def no_counts(classes: int) -> Array:
    """Counts of no samples."""
    return np.zeros((classes, classes), np.int64)


def ratio(part: Array, whole: Array) -> Array:
    """part / whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
