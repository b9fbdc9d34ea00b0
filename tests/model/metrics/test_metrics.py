"""Every metric is exact over all samples, however they are cut into batches."""

import math

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, top_k_accuracy_score

from base.base_metric import BaseMetric
from base.types import Array
from tests.cases.case import Case
from tests.cases.metrics import CASES, MetricCase

every_metric = pytest.mark.parametrize("case", CASES, ids=str)


def over_batches(metric: BaseMetric, outputs: Array, targets: Array, size: int) -> float:
    metric.reset()
    for start in range(0, len(targets), size):
        metric.update(outputs[start : start + size], targets[start : start + size])
    return metric.compute()


@every_metric
@pytest.mark.parametrize("size", [1, 3, 100])
def test_the_figure_is_the_one_worked_out_by_hand(case: MetricCase, size: int) -> None:
    assert over_batches(case.make(), np.array(case.outputs), np.array(case.targets), size) == case.figure


@every_metric
def test_a_reset_forgets_all_samples(case: MetricCase) -> None:
    metric = case.make()
    metric.update(np.eye(3), np.array([1, 2, 0]))
    metric.reset()
    assert math.isnan(metric.compute())
    metric.update(np.array(case.outputs), np.array(case.targets))
    assert metric.compute() == case.figure


@every_metric
def test_a_batch_is_only_looked_at(case: MetricCase) -> None:
    outputs, targets = np.array(case.outputs), np.array(case.targets)
    case.make().update(outputs, targets)
    np.testing.assert_array_equal(outputs, np.array(case.outputs))
    np.testing.assert_array_equal(targets, np.array(case.targets))


@pytest.mark.parametrize("size", [7, 64, 1000])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_accuracies_are_those_of_scikit_learn(size: int, dtype: str) -> None:
    generator = np.random.default_rng(4)
    outputs, targets = generator.standard_normal((300, 6)).astype(dtype), generator.integers(0, 6, 300)
    accuracy: BaseMetric = Case("accuracy", {}).built(BaseMetric)
    assert over_batches(accuracy, outputs, targets, size) == accuracy_score(targets, outputs.argmax(axis=1))
    for k in range(1, 6):
        top_k: BaseMetric = Case("top_k_accuracy", {"k": k}).built(BaseMetric)
        assert over_batches(top_k, outputs, targets, size) == top_k_accuracy_score(targets, outputs, k=k)
