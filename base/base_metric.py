"""How well a network does, in numbers people understand."""

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np

from base.types import Array


class BaseMetric(ABC):
    """A figure over all samples of an epoch, gathered batch by batch and exact over the whole.

    `name` is the name in the log; the config gives it the name of its type.
    """

    def __init__(self) -> None:
        self.name = type(self).__name__

    @abstractmethod
    def reset(self) -> None:
        """Forget all samples."""

    @abstractmethod
    def update(self, output: Array, target: Array) -> None:
        """Take in a batch: outputs (N, ...) and targets (N, ...)."""

    @abstractmethod
    def compute(self) -> float:
        """The figure over all samples since the last reset; nan when there were none."""


class SampleMean(BaseMetric):
    """The mean of a function that scores each sample: what a plain function among the metrics becomes."""

    def __init__(self, score: Callable[..., Array], **args: object) -> None:
        super().__init__()
        self.score = score
        self.args = args
        self.reset()

    def reset(self) -> None:
        self._total, self._count = 0.0, 0

    def update(self, output: Array, target: Array) -> None:
        self._total += float(np.sum(self.score(output, target, **self.args), dtype=np.float64))
        self._count += len(target)

    def compute(self) -> float:
        return self._total / self._count if self._count else float("nan")
