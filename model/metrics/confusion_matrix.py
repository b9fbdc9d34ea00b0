"""Entries of the confusion matrix."""

from typing import Literal

import numpy as np

from base.constraints import NonNegativeInt
from base.errors import UserError
from model.confusion import Confusion
from model.metrics.class_figures import ConfusionFigure


class confusion_matrix(ConfusionFigure):  # noqa: N801 - a figure of the log, written as the others are
    """An entry of the confusion matrix: how many samples of a class are taken for a class, or for the same one.

    The log holds numbers, so a figure is one entry, of every epoch; test.json has the whole matrix. Of target
    probabilities (N, C) the largest counts.

    true_class: the row, a class index.
    predicted_class: the column, a class index.
    normalize: "true" for the share of the samples of the true class, "pred" of those taken for the predicted one, "all"
        of all samples, as in scikit-learn, 0 where there are none (null: the count).
    threshold: above it a single output says class 1, else 0; 0.5 suits probabilities, 0 logits and margins.
    """

    def __init__(
        self,
        true_class: NonNegativeInt,
        predicted_class: NonNegativeInt,
        normalize: Literal["true", "pred", "all"] | None = None,
        threshold: float = 0.5,
    ) -> None:
        super().__init__(threshold)
        self.true_class = true_class
        self.predicted_class = predicted_class
        self.normalize = normalize

    def figure(self, confusion: Confusion) -> float:
        counts, row, column = confusion.counts, self.true_class, self.predicted_class
        if not len(counts):
            return float("nan")
        if max(row, column) >= len(counts):
            raise UserError(
                f"metrics: {self.name}: there is no class {max(row, column)}; classes go from 0 to {len(counts) - 1}"
            )
        wholes = {None: 1, "true": confusion.actual[row], "pred": confusion.predicted[column], "all": np.sum(counts)}
        return float(counts[row, column] / max(wholes[self.normalize], 1))
