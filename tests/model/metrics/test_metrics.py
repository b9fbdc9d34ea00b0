"""Every metric is exact over all samples, however they are cut into batches."""

import math
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as reference

from base.base_metric import BaseMetric
from base.errors import UserError
from base.types import Array, Shape
from tests.cases.case import Case
from tests.cases.metrics import CASES, MetricCase

every_metric = pytest.mark.parametrize("case", CASES, ids=str)
every_average = pytest.mark.parametrize("average", ["macro", "micro", "weighted"])


def made(kind: str, **args: Any) -> BaseMetric:
    metric: BaseMetric = Case(kind, args).built(BaseMetric)
    return metric


def over_batches(metric: BaseMetric, outputs: Array, targets: Array, size: int = 64) -> float:
    metric.reset()
    for start in range(0, len(targets), size):
        batch = outputs[start : start + size].copy()
        metric.update(batch, targets[start : start + size])
        batch[...] = 0  # as the trainer does, who uses the memory again
    return metric.compute()


def samples(classes: int, seen: int, dtype: str = "float64", decimals: int = 1) -> tuple[Array, Array]:
    """Logits that know something, of which some are equal, and targets of the first so many classes."""
    generator = np.random.default_rng(4)
    targets = generator.integers(0, seen, 300)
    logits = generator.standard_normal((300, classes)) + np.eye(classes)[targets]
    return logits.round(decimals).astype(dtype), targets


@every_metric
@pytest.mark.parametrize("size", [1, 3, 100])
def test_the_figure_is_the_one_worked_out_by_hand(case: MetricCase, size: int) -> None:
    figure = over_batches(case.make(), np.array(case.outputs), np.array(case.targets), size)
    assert figure == pytest.approx(case.figure, rel=1e-14)


@every_metric
def test_a_reset_forgets_all_samples(case: MetricCase) -> None:
    metric, outputs, targets = case.make(), np.array(case.outputs), np.array(case.targets)
    metric.update(outputs[::-1], targets)
    metric.reset()
    assert math.isnan(metric.compute())
    metric.update(outputs, targets)
    assert metric.compute() == pytest.approx(case.figure, rel=1e-14)


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
    expected = reference.accuracy_score(targets, outputs.argmax(axis=1))
    assert over_batches(made("accuracy"), outputs, targets, size) == expected
    for k in range(1, 6):
        expected = reference.top_k_accuracy_score(targets, outputs, k=k)
        assert over_batches(made("top_k_accuracy", k=k), outputs, targets, size) == expected


@pytest.mark.parametrize("seen", [1, 3, 4])
def test_balanced_accuracy_is_that_of_scikit_learn(seen: int) -> None:
    outputs, targets = samples(4, seen)
    outputs[targets > 0, 3] = -9
    predictions = outputs.argmax(axis=1)
    labels = range(seen)  # scikit-learn's own leaves out unseen classes too, with a warning
    expected = reference.recall_score(targets, predictions, labels=labels, average="macro", zero_division=0)
    assert over_batches(made("balanced_accuracy"), outputs, targets) == pytest.approx(expected, rel=1e-14)


@every_average
@pytest.mark.parametrize("kind", ["precision", "recall", "f1"])
@pytest.mark.parametrize("seen", [2, 5, 6])
def test_figures_of_classes_are_those_of_scikit_learn(kind: str, seen: int, average: str) -> None:
    outputs, targets = samples(6, seen)
    outputs[:, 5] -= 99 * (seen < 6)  # a class that is neither true nor said
    score = getattr(reference, f"{kind}_score")
    predictions = outputs.argmax(axis=1)
    expected = score(targets, predictions, average=average, zero_division=0)
    assert over_batches(made(kind, average=average), outputs, targets) == pytest.approx(expected, rel=1e-14)
    alone = score(targets, predictions, average=None, labels=range(6), zero_division=0)
    for one in range(6):
        assert over_batches(made(kind, class_index=one), outputs, targets) == pytest.approx(alone[one], rel=1e-14)


@pytest.mark.parametrize("kind", ["precision", "recall", "f1"])
def test_figures_of_a_single_output_are_those_of_scikit_learn(kind: str) -> None:
    outputs, targets = samples(1, 1)[0], np.random.default_rng(2).integers(0, 2, 300)
    expected = getattr(reference, f"{kind}_score")(targets, outputs[:, 0] > 0.3)
    metric = made(kind, class_index=1, threshold=0.3)
    assert over_batches(metric, outputs, targets) == pytest.approx(expected, rel=1e-14)


ERRORS = {
    "mean_squared_error": reference.mean_squared_error,
    "mean_absolute_error": reference.mean_absolute_error,
    "root_mean_squared_error": reference.root_mean_squared_error,
    "r2": reference.r2_score,
}


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("size", [1, 64, 300])
@pytest.mark.parametrize("outputs", [1, 3])
def test_errors_are_those_of_scikit_learn(kind: str, size: int, outputs: int) -> None:
    y, t = np.random.default_rng(5).standard_normal((2, 300, outputs)) * [1.0, 100.0, 0.01][:outputs]
    assert over_batches(made(kind), y, t, size) == pytest.approx(ERRORS[kind](t, y), rel=1e-13)


@pytest.mark.parametrize("shape", [(3, 2), (1, 4)], ids=str)
def test_figures_of_outputs_with_axes_are_those_of_all_their_numbers(shape: Shape) -> None:
    y, t = np.random.default_rng(5).standard_normal((2, 50, *shape))
    for kind, score in ERRORS.items():
        expected = score(t.reshape(50, -1), y.reshape(50, -1))
        assert over_batches(made(kind), y, t, 7) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("kind", ["r2", "root_mean_squared_error"])
def test_errors_of_classes_are_those_of_one_hot_targets(kind: str) -> None:
    outputs, targets = samples(4, 3)
    expected = ERRORS[kind](np.eye(4)[targets], outputs)
    assert over_batches(made(kind), outputs, targets) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("size", [1, 32, 1000])
@pytest.mark.parametrize("offset", [1e6, -1e12])
def test_r2_of_a_large_mean_keeps_the_digits_of_small_deviations(offset: float, size: int) -> None:
    y, t = np.random.default_rng(6).integers(-9, 10, (2, 1000, 1)) / 8.0
    assert over_batches(made("r2"), y + offset, t + offset, size) == pytest.approx(ERRORS["r2"](t, y), rel=1e-12)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_r2_of_targets_that_are_all_the_same_is_1_or_0(size: int) -> None:
    targets = np.full((7, 1), 0.1)
    assert over_batches(made("r2"), targets, targets, size) == 1.0
    assert over_batches(made("r2"), targets + np.eye(7)[:, :1], targets, size) == 0.0


@pytest.mark.parametrize("targets", [[0.0, 1.0], [1.0, 1.0]])
def test_r2_of_outputs_that_are_no_numbers_is_none(targets: list[float]) -> None:
    assert math.isnan(over_batches(made("r2"), np.array([[np.nan], [1.0]]), np.array(targets)))


def test_r2_of_one_sample_is_no_number() -> None:
    assert math.isnan(over_batches(made("r2"), np.array([[1.0]]), np.array([[1.0]])))
    assert over_batches(made("root_mean_squared_error"), np.array([[1.0]]), np.array([[4.0]])) == 3.0


@pytest.mark.parametrize("k", [3, 4])
def test_as_many_guesses_as_classes_are_refused_with_what_to_do(k: int) -> None:
    words = f"top_k_accuracy with k {k} is always 1 for 3 classes; give it a k of at most 2"
    with pytest.raises(UserError, match=words):
        made("top_k_accuracy", k=k).update(np.eye(3), np.array([0, 1, 2]))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_areas_are_those_of_scikit_learn(classes: int, dtype: str) -> None:
    outputs, targets = samples(classes, classes, dtype, decimals=9)  # of ties, rounding would decide
    powers = np.exp(outputs.astype(np.float64))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    scores = probabilities[:, 1] if classes == 2 else probabilities
    expected = reference.roc_auc_score(targets, scores, multi_class="ovr")
    assert over_batches(made("roc_auc"), outputs, targets) == pytest.approx(expected, rel=1e-12)
    metric = made("roc_auc", from_logits=False)
    assert over_batches(metric, probabilities, targets) == pytest.approx(expected, rel=1e-12)


def test_the_area_of_a_single_output_is_that_of_scikit_learn() -> None:
    outputs, targets = samples(1, 1)[0], np.random.default_rng(2).integers(0, 2, 300)
    expected = reference.roc_auc_score(targets, outputs[:, 0])
    assert over_batches(made("roc_auc"), outputs, targets) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("outputs", "targets"), [([[0.1], [0.2]], [1, 1]), ([[0.1], [np.nan]], [1, 0])])
def test_an_area_of_one_class_or_of_no_number_is_no_number(outputs: list[list[float]], targets: list[int]) -> None:
    assert math.isnan(over_batches(made("roc_auc"), np.array(outputs), np.array(targets)))


@pytest.mark.parametrize("kind", ["accuracy", "top_k_accuracy"])
def test_accuracy_of_a_single_output_is_refused_with_what_to_use(kind: str) -> None:
    with pytest.raises(UserError, match=f"{kind} needs an output for each class; .* use binary_accuracy"):
        made(kind).update(np.array([[0.3]]), np.array([1]))


@pytest.mark.parametrize("targets", [[1, 0, 1, 0], [1.0, 0.0, 1.0, 0.0], [[1], [0], [1], [0]], [[1.0], [-1]] * 2])
@pytest.mark.parametrize(
    "kind", ["binary_accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc"], ids=str
)
def test_targets_in_a_column_and_numbers_0_and_1_are_classes(kind: str, targets: list[Any]) -> None:
    outputs = np.array([[0.9], [0.1], [0.8], [0.2]])
    assert over_batches(made(kind), outputs, np.array(targets), size=3) == 1.0
    assert over_batches(made(kind), outputs[::-1], np.array(targets), size=3) == 0.0


@pytest.mark.parametrize("normalize", [None, "true", "pred", "all"])
def test_entries_of_the_confusion_matrix_are_those_of_scikit_learn(normalize: str | None) -> None:
    outputs, targets = samples(5, 4)
    outputs[:, 3] -= 99  # a class that is never said, beside one that is never true
    expected = reference.confusion_matrix(targets, outputs.argmax(axis=1), labels=range(5), normalize=normalize)
    for row, column in np.ndindex(5, 5):
        metric = made("confusion_matrix", true_class=row, predicted_class=column, normalize=normalize)
        assert over_batches(metric, outputs, targets) == pytest.approx(expected[row, column], rel=1e-14)


def test_an_entry_for_a_class_that_there_is_not_is_refused() -> None:
    metric = made("confusion_matrix", true_class=0, predicted_class=3)
    metric.update(np.eye(3), np.array([0, 1, 2]))
    with pytest.raises(UserError, match="metrics: confusion_matrix: there is no class 3; classes go from 0 to 2"):
        metric.compute()


def test_areas_of_outputs_that_the_loss_takes_for_probabilities_are_without_a_softmax() -> None:
    outputs, targets = samples(3, 3, decimals=9)
    powers = np.exp(outputs)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    metric = made("roc_auc")
    metric.outputs = "probabilities"
    expected = reference.roc_auc_score(targets, probabilities, multi_class="ovr")
    assert over_batches(metric, probabilities, targets) == pytest.approx(expected, rel=1e-12)


def test_a_class_that_there_is_not_is_named() -> None:
    metric = made("f1", class_index=3)
    metric.update(np.eye(3), np.array([0, 1, 2]))
    with pytest.raises(UserError, match="metrics: f1: class_index is 3, but classes go from 0 to 2"):
        metric.compute()
