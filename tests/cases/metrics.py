"""The metrics; a new one is one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from base.base_metric import BaseMetric
from tests.cases.case import Case


@dataclass(frozen=True)
class MetricCase(Case):
    """A metric, outputs and targets of a few samples, and the figure worked out by hand."""

    outputs: Sequence[Sequence[float]]
    targets: Sequence[Any]
    figure: float

    def make(self) -> BaseMetric:
        """The metric."""
        metric: BaseMetric = self.built(BaseMetric)
        return metric


NAN = float("nan")
FOUR = [[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]  # say 1, 0, 2, 0
TRUE = [1, 0, 0, 1]
MIXED = [[0.1, 0.6, 0.3], [0.9, 0.1, 0.0], [0.5, 0.4, 0.1], [0.3, 0.7, 0.0]]  # the same classes
ONE = [[0.9], [0.2], [0.4], [0.6]]
BITS = [1, 0, 1, 0]
NUMBERS = [[1.0, 2.0], [0.0, -1.0]]
R2_OF_TWO = 1 - (1.25 / (217 / 6) + 3 / (98 / 3)) / 2  # of deviations 217 / 6 and 98 / 3

CASES = [
    MetricCase("accuracy", {}, FOUR, TRUE, 0.5),
    MetricCase("accuracy", {}, FOUR, MIXED, 0.5),
    MetricCase("accuracy", {}, [[0.5, 0.5], [0.5, 0.5]], [0, 1], 0.5),
    MetricCase("top_k_accuracy", {"k": 1}, FOUR, TRUE, 0.5),
    MetricCase("top_k_accuracy", {"k": 2}, FOUR, TRUE, 0.75),
    MetricCase("top_k_accuracy", {"k": 2}, FOUR, MIXED, 0.75),
    MetricCase("top_k_accuracy", {}, [[0.1, 0.2, 0.3, 0.4]] * 2, [0, 1], 0.5),
    MetricCase("top_k_accuracy", {"k": 1}, [[NAN, NAN], [NAN, 0.0], [1.0, 0.0]], [0, 0, 0], 1 / 3),
    MetricCase("binary_accuracy", {}, ONE, BITS, 0.5),
    MetricCase("binary_accuracy", {"threshold": 0.3}, ONE, BITS, 0.75),
    MetricCase("binary_accuracy", {"threshold": -1}, ONE, BITS, 0.5),
    MetricCase("binary_accuracy", {}, ONE, [[1.0], [0.0], [1.0], [1.0]], 0.75),
    MetricCase("binary_accuracy", {}, [[0.9, 0.1], [0.6, 0.7]], [[1.0, 1.0], [1.0, 1.0]], 0.75),
    MetricCase("binary_accuracy", {}, [[0.9, 0.1], [0.6, 0.7]], [0, 1], 0.75),
    MetricCase("balanced_accuracy", {}, FOUR, TRUE, 0.5),
    MetricCase("balanced_accuracy", {}, FOUR, [1, 0, 0, 0], (1 + 2 / 3) / 2),
    MetricCase("balanced_accuracy", {}, FOUR, MIXED, 0.5),
    MetricCase("balanced_accuracy", {"threshold": 0.3}, ONE, BITS, 0.75),
    MetricCase("precision", {}, FOUR, TRUE, 0.5),
    MetricCase("precision", {"average": "micro"}, FOUR, TRUE, 0.5),
    MetricCase("precision", {"average": "weighted"}, FOUR, TRUE, 0.75),
    MetricCase("precision", {"class_index": 1}, FOUR, TRUE, 1.0),
    MetricCase("precision", {"class_index": 1}, ONE, BITS, 0.5),
    MetricCase("precision", {"class_index": 1, "threshold": 1}, ONE, BITS, 0.0),
    MetricCase("recall", {}, FOUR, TRUE, 1 / 3),
    MetricCase("recall", {"average": "micro"}, FOUR, MIXED, 0.5),
    MetricCase("recall", {"average": "weighted"}, FOUR, TRUE, 0.5),
    MetricCase("recall", {"class_index": 2}, FOUR, TRUE, 0.0),
    MetricCase("recall", {"class_index": 1, "threshold": 0.3}, ONE, BITS, 1.0),
    MetricCase("f1", {}, FOUR, TRUE, (1 / 2 + 2 / 3) / 3),
    MetricCase("f1", {"average": "micro"}, FOUR, TRUE, 0.5),
    MetricCase("f1", {"average": "weighted"}, FOUR, TRUE, (1 / 2 + 2 / 3) / 2),
    MetricCase("f1", {"class_index": 1}, FOUR, TRUE, 2 / 3),
    MetricCase("f1", {}, FOUR[:2], TRUE[:2], 1.0),  # the third class, which does not occur, is left out
    MetricCase("confusion_matrix", {"true_class": 1, "predicted_class": 0}, FOUR, TRUE, 1.0),
    MetricCase("confusion_matrix", {"true_class": 0, "predicted_class": 1}, FOUR, TRUE, 0.0),
    MetricCase("confusion_matrix", {"true_class": 0, "predicted_class": 2, "normalize": "true"}, FOUR, TRUE, 0.5),
    MetricCase("confusion_matrix", {"true_class": 0, "predicted_class": 2, "normalize": "pred"}, FOUR, TRUE, 1.0),
    MetricCase("confusion_matrix", {"true_class": 0, "predicted_class": 2, "normalize": "all"}, FOUR, TRUE, 0.25),
    MetricCase(
        "confusion_matrix",
        {"true_class": 0, "predicted_class": 1, "normalize": "true", "threshold": 0.1},
        ONE,
        BITS,
        1.0,
    ),
    MetricCase("mean_squared_error", {}, NUMBERS, [[1.0, 0.0], [2.0, -1.0]], 2.0),
    MetricCase("mean_squared_error", {}, [[0.5], [1.0]], [0, 1], 0.125),
    MetricCase("mean_squared_error", {}, [[0.5, 1.0], [1.0, 1.0]], [0, 1], (0.25 + 1 + 1) / 4),
    MetricCase("mean_squared_error", {"softmax": True}, [[3.0, 3.0], [9.0, 9.0]], [0, 1], 0.25),
    MetricCase("mean_absolute_error", {}, NUMBERS, [[1.0, 0.0], [2.0, -1.0]], 1.0),
    MetricCase("mean_absolute_error", {"softmax": True}, [[3.0, 3.0], [9.0, 9.0]], [[0.2, 0.8], [0.5, 0.5]], 0.15),
    MetricCase("root_mean_squared_error", {}, NUMBERS, [[1.0, 0.0], [2.0, -1.0]], (2**0.5 + 2**0.5) / 2),
    MetricCase("root_mean_squared_error", {}, [[0.0], [4.0]], [[3.0], [0.0]], 12.5**0.5),
    MetricCase("root_mean_squared_error", {}, [[0.0, 1.0], [4.0, 1.0]], [[3.0, 1.0], [0.0, 1.0]], 12.5**0.5 / 2),
    MetricCase("root_mean_squared_error", {"softmax": True}, [[3.0, 3.0], [9.0, 9.0]], [0, 1], 0.5),
    MetricCase("r2", {}, [[2.5], [0.0], [2.0], [8.0]], [[3.0], [-0.5], [2.0], [7.0]], 1 - 1.5 / 29.1875),
    MetricCase("r2", {}, [[0.0, 2.0], [-1.0, 2.0], [8.0, -5.0]], [[0.5, 1.0], [-1.0, 1.0], [7.0, -6.0]], R2_OF_TWO),
    MetricCase("r2", {}, [[0.0, 5.0], [2.0, 5.0]], [[0.0, 5.0], [4.0, 5.0]], (1 - 4 / 8 + 1) / 2),
    MetricCase("r2", {}, [[0.0, 5.5], [2.0, 5.0]], [[0.0, 5.0], [4.0, 5.0]], (1 - 4 / 8 + 0) / 2),
    MetricCase("r2", {"softmax": True}, [[3.0, 3.0], [9.0, 9.0]], [0, 1], 0.0),
    MetricCase("roc_auc", {}, [[0.1], [0.4], [0.35], [0.8]], [0, 0, 1, 1], 0.75),
    MetricCase("roc_auc", {}, [[0.0, 0.1], [0.1, 0.5], [0.65, 1.0], [0.2, 1.0]], [0, 0, 1, 1], 0.75),
    MetricCase("roc_auc", {}, [[2.0], [2.0], [2.0]], [0, 1, 0], 0.5),
    MetricCase("roc_auc", {"from_logits": False}, FOUR, TRUE, (0.5 + 0.875) / 2),
]

# Arguments that cannot be: type, args, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("top_k_accuracy", {"k": 0}, "k: expected a whole number of at least 1, got 0"),
    ("binary_accuracy", {"threshold": "half"}, 'threshold: expected a number, got "half"'),
    ("balanced_accuracy", {"average": "micro"}, "balanced_accuracy has no argument 'average'"),
    ("precision", {"average": "mean"}, 'average: expected "macro", "micro" or "weighted", got "mean"'),
    ("recall", {"class_index": -1}, "class_index: expected a whole number of at least 0 or null, got -1"),
    ("f1", {"class": 1}, "f1 has no argument 'class'; did you mean 'class_index'"),
    ("r2", {"multioutput": "raw_values"}, "r2 has no argument 'multioutput'"),
    ("root_mean_squared_error", {"squared": False}, "root_mean_squared_error has no argument 'squared'"),
    ("mean_squared_error", {"softmax": 1}, "softmax: expected true or false, got 1"),
    ("roc_auc", {"from_logits": "no"}, 'from_logits: expected true or false or null, got "no"'),
    ("accuracy", {"k": 3}, "accuracy has no argument 'k'"),
    ("mean_absolute_error", {"softmax": "yes"}, 'softmax: expected true or false, got "yes"'),
    ("confusion_matrix", {}, "true_class: is missing: the row"),
    ("confusion_matrix", {"true_class": 0, "predicted_class": -1}, "predicted_class: expected a whole number"),
    (
        "confusion_matrix",
        {"true_class": 0, "predicted_class": 1, "normalize": "row"},
        'normalize: expected "true", "pred" or "all" or null, got "row"',
    ),
]
