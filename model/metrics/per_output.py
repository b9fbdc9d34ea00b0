"""Figures of predicted numbers that each output has, averaged over outputs."""

from abc import abstractmethod

import numpy as np

from base.base_metric import BaseMetric, sums_in_order
from base.types import Array
from model.targets import as_numbers


class OutputMean(BaseMetric):
    """The mean over outputs of a figure of an output's squared errors; class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """

    def __init__(self, softmax: bool = False) -> None:
        super().__init__()
        self.softmax = softmax

    def reset(self) -> None:
        self.totals = {"count": 0, "squares": np.zeros(0)}

    def update(self, output: Array, target: Array) -> None:
        y = output.astype(np.float64)
        if self.softmax:
            y = self.ops.softmax(y, np.empty(y.shape))
        t = as_numbers(target, y).reshape(len(y), -1)
        self.add(t, np.square(y.reshape(t.shape) - t))

    def add(self, t: Array, squares: Array) -> None:
        """Take in targets (N, D) and squared errors (N, D)."""
        before = self.totals["squares"] if self.totals["count"] else np.zeros(squares.shape[1])
        self.totals["squares"] = sums_in_order(np.vstack([before, squares]).T)
        self.totals["count"] += len(squares)

    def compute(self) -> float:
        count = self.totals["count"]
        if not count:
            return float("nan")
        figures = self.of_outputs(count, self.totals["squares"])
        return float(sums_in_order(figures)) / len(figures)

    @abstractmethod
    def of_outputs(self, count: int, squares: Array) -> Array:
        """The figure of each output (D,), given the sums of its squared errors over so many samples."""


class root_mean_squared_error(OutputMean):  # noqa: N801 - a figure of the log, written as the others are
    """The root of the mean of (y - t)^2 over samples, averaged over outputs; class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """

    def of_outputs(self, count: int, squares: Array) -> Array:
        return np.sqrt(squares / count)


class r2(OutputMean):  # noqa: N801
    """The share of the targets' variance that is explained, averaged over outputs: 1 - SS_res / SS_tot.

    SS_res is the sum of (y - t)^2, SS_tot that of (t - mean of t)^2: 1 is perfect, 0 as good as always saying the mean.
    As in scikit-learn, an output whose targets are all the same counts 1 where every y is right, else 0, and there is
    no figure of less than two samples. Class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """

    def reset(self) -> None:
        super().reset()
        self.totals |= {"first": np.zeros(0), "mean": np.zeros(0), "deviations": np.zeros(0)}

    def add(self, t: Array, squares: Array) -> None:
        """Deviations are of t - the first t, 0 for targets that are all the same, and of batches merged as by Chan,
        Golub and LeVeque, 1979 (see base/statistics.py), so that a large mean does not drown a small deviation.
        """
        totals = self.totals
        if not totals["count"]:
            totals |= {"first": t[0].copy(), "mean": np.zeros(t.shape[1]), "deviations": np.zeros(t.shape[1])}
        shifted = t - totals["first"]
        own = sums_in_order(shifted.T) / len(t)
        apart, share = own - totals["mean"], len(t) / (totals["count"] + len(t))
        between = np.square(apart) * (totals["count"] * share)
        totals["deviations"] = totals["deviations"] + sums_in_order(np.square(shifted - own).T) + between
        totals["mean"] = totals["mean"] + apart * share
        super().add(t, squares)

    def of_outputs(self, count: int, squares: Array) -> Array:
        if count < 2:
            return np.full(len(squares), np.nan)
        deviations = self.totals["deviations"]
        varied = deviations != 0
        constant = np.where(squares == 0, 1.0, np.where(squares > 0, 0.0, np.nan))
        return np.where(varied, 1 - squares / np.where(varied, deviations, 1), constant)
