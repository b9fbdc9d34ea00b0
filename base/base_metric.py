"""Metrics: how well a network does, in numbers people understand."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from base.outputs import Meaning
from base.types import Array
from ops.ops import Ops


class BaseMetric(ABC):
    """A figure over all samples of an epoch, gathered batch by batch and exact over the whole.

    `name` is the name in the log; the config gives it the name of its type. `outputs` says what outputs mean; the
    config gives it what its loss takes them for. All that has been gathered is in `totals`,
    by name: numbers, arrays, or lists of arrays that belong one after another. A checkpoint in the middle of an epoch
    keeps them.
    """

    ops: Ops = Ops()  # what it computes with; whoever builds a run gives it that of the run

    def __init__(self) -> None:
        self.name = type(self).__name__
        self.outputs: Meaning = "numbers"
        self.totals: dict[str, Any] = {}
        self.reset()

    @abstractmethod
    def reset(self) -> None:
        """Forget all samples: set `totals` to those of none."""

    @abstractmethod
    def update(self, output: Array, target: Array) -> None:
        """Take in a batch: outputs (N, ...) and targets (N, ...)."""

    @abstractmethod
    def compute(self) -> float:
        """The figure over all samples since the last reset; nan when there were none."""


def sums_in_order(numbers: Array) -> Array:
    """The sums over the last axis in float64, from the first number to the last: np.sum's order is the processor's."""
    return np.asarray(np.add.accumulate(numbers, axis=-1, dtype=np.float64)[..., -1])


class SampleMean(BaseMetric):
    """The mean of a function that scores each sample: what a plain function among the metrics becomes."""

    def __init__(self, score: Callable[..., Array], **args: object) -> None:
        super().__init__()
        self.score = score
        self.args = args

    def reset(self) -> None:
        self.totals = {"sum": 0.0, "count": 0}

    def update(self, output: Array, target: Array) -> None:
        scores = self.score(output, target, **self.args)
        self.totals["sum"] = float(sums_in_order(np.append(self.totals["sum"], scores)))
        self.totals["count"] += len(target)

    def compute(self) -> float:
        count = self.totals["count"]
        return float(self.totals["sum"] / count) if count else float("nan")
