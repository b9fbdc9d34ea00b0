"""The metrics; a new one is one row."""

from collections.abc import Sequence
from dataclasses import dataclass

from base.base_metric import BaseMetric
from tests.cases.case import Case


@dataclass(frozen=True)
class MetricCase(Case):
    """A metric, outputs and targets of a few samples, and the figure worked out by hand."""

    outputs: Sequence[Sequence[float]]
    targets: Sequence[int]
    figure: float

    def make(self) -> BaseMetric:
        """The metric."""
        metric: BaseMetric = self.built(BaseMetric)
        return metric


NAN = float("nan")
FOUR = [[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]

CASES = [
    MetricCase("accuracy", {}, FOUR, [1, 0, 0, 1], 0.5),
    MetricCase("accuracy", {}, [[0.5, 0.5], [0.5, 0.5]], [0, 1], 0.5),
    MetricCase("top_k_accuracy", {"k": 1}, FOUR, [1, 0, 0, 1], 0.5),
    MetricCase("top_k_accuracy", {"k": 2}, FOUR, [1, 0, 0, 1], 0.75),
    MetricCase("top_k_accuracy", {}, FOUR, [1, 0, 0, 1], 1.0),
    MetricCase("top_k_accuracy", {"k": 1}, [[NAN, NAN], [NAN, 0.0], [1.0, 0.0]], [0, 0, 0], 1 / 3),
]
