"""Area under the ROC curve."""

import math

import numpy as np

from base.base_metric import BaseMetric
from base.types import Array
from model.targets import labelled_classes


class roc_auc(BaseMetric):  # noqa: N801 - a figure of the log, written as the others are
    """The area under the ROC curve: how often a sample of a class has a higher score for it than one that is not of it.

    A tie counts half, so 0.5 is chance. For two classes it is that of class 1; for more, the mean of those of each
    class that has samples against the rest. nan where all samples are of one class. All scores of an epoch are kept.
    Fawcett, "An introduction to ROC analysis", 2006.

    from_logits: whether outputs for classes are made comparable between samples by a softmax (null: unless the loss
        takes them for probabilities).
    """

    def __init__(self, from_logits: bool | None = None) -> None:
        super().__init__()
        self.from_logits = from_logits

    def reset(self) -> None:
        self.totals = {"scores": [], "classes": []}

    def update(self, output: Array, target: Array) -> None:
        self.totals["scores"].append(output.astype(np.float64))
        self.totals["classes"].append(labelled_classes(target, output).copy())

    def compute(self) -> float:
        if not self.totals["scores"]:
            return float("nan")
        scores, classes = np.concatenate(self.totals["scores"]), np.concatenate(self.totals["classes"])
        if scores.shape[1] <= 2:
            return area(scores[:, -1] - (scores[:, 0] if scores.shape[1] == 2 else 0), classes == 1)
        softmax = self.outputs != "probabilities" if self.from_logits is None else self.from_logits
        scores = self.ops.softmax(scores, np.empty(scores.shape)) if softmax else scores
        areas = [area(scores[:, one], classes == one) for one in np.unique(classes)]
        return math.fsum(areas) / len(areas) if areas else float("nan")


def area(scores: Array, positive: Array) -> float:
    """The area for scores (N,), of which some (N, bool) are positive; nan where all or none are, or a score is nan.

    By ranks: (sum of the positives' ranks - P (P + 1) / 2) / (P (N - P)), equals sharing their mean rank. Hanley and
    McNeil, 1982.

    >>> area(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
    0.75
    """
    positives = int(positive.sum())
    pairs = positives * (len(scores) - positives)
    if pairs == 0 or np.isnan(scores).any():
        return float("nan")
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2
    return float(ranks[place[positive]].sum() - positives * (positives + 1) / 2) / pairs
