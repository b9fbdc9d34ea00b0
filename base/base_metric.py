"""Metrics: figures over all samples of an epoch."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from base.outputs import Meaning
from base.types import Array
from ops.ops import Ops


class BaseMetric(ABC):
    """A figure over all samples of an epoch, accumulated batch by batch and exact over the whole.

    `name` is the name in the log. `outputs` is how the config's loss interprets outputs (logits, probabilities, ...).
    `totals` holds all that is accumulated, by name: numbers, arrays, or lists of arrays to concatenate. A checkpoint
    within an epoch saves them.
    """

    ops: Ops = Ops()  # NumPy or compiled operations; set when a run is built

    def __init__(self) -> None:
        self.name = type(self).__name__
        self.outputs: Meaning = "numbers"
        self.totals: dict[str, Any] = {}
        self.reset()

    @abstractmethod
    def reset(self) -> None:
        """Set `totals` to those of no samples."""

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
    """The mean over samples of a plain function, which returns a number for each sample."""

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
