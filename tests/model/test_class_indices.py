"""Class indices that are none of the classes raise IndexError, in every loss and every metric that uses one."""

from typing import Any

import numpy as np
import pytest

from base.base_loss import BaseLoss
from base.base_metric import BaseMetric
from base.types import Array
from ops.choose import Enum
from tests.cases.case import Case
from tests.cases.losses import CASES, LossCase
from tests.every_ops import choose_ops, every_ops

OF_CLASSES = [case for case in CASES if case.targets == "classes" and case.scale == 1]
METRICS: list[tuple[str, dict[str, Any], int]] = [
    ("accuracy", {}, 3),
    ("top_k_accuracy", {"k": 2}, 3),
    ("binary_accuracy", {}, 3),
    ("binary_accuracy", {}, 1),
    ("precision", {}, 3),
    ("f1", {}, 1),
    ("balanced_accuracy", {}, 3),
    ("confusion_matrix", {"true_class": 0, "predicted_class": 1}, 3),
    ("mean_squared_error", {}, 3),
    ("mean_absolute_error", {}, 1),
    ("root_mean_squared_error", {}, 3),
    ("r2", {}, 1),
    ("roc_auc", {}, 3),
    ("roc_auc", {}, 1),
]


@every_ops
@pytest.mark.parametrize("dtype", ["int64", "int8", "uint8", "uint64"])
@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("case", OF_CLASSES, ids=str)
def test_a_loss_of_a_class_beyond_the_last_raises(case: LossCase, ops: Enum, dtype: str, column: bool) -> None:
    loss, outputs, classes = case.make(), case.batch()[0], case.classes
    loss.ops = choose_ops(ops)
    with pytest.raises(IndexError, match=f"Target 7 is out of bounds for {classes} classes, 0 to "):
        given(loss, outputs, with_one(outputs, 7, dtype, column))


@every_ops
@pytest.mark.parametrize("case", OF_CLASSES, ids=str)
def test_a_loss_of_a_class_below_0_raises(case: LossCase, ops: Enum) -> None:
    loss, outputs = case.make(), case.batch()[0]
    loss.ops = choose_ops(ops)
    strange = -7 if case.kind == "HingeLoss" else -1  # -1 is a label of a single hinge
    with pytest.raises(IndexError, match=f"Target {strange} is out of bounds for {case.classes} classes"):
        given(loss, outputs, with_one(outputs, strange))


@every_ops
@pytest.mark.parametrize("kind", ["CrossEntropyLoss", "NLLLoss", "HingeLoss", "MSELoss", "L1Loss", "HuberLoss"])
def test_classes_that_are_no_whole_numbers_by_type_raise(kind: str, ops: Enum) -> None:
    loss: BaseLoss = Case(kind, {}).built(BaseLoss)
    loss.ops = choose_ops(ops)
    with pytest.raises(IndexError, match="class indices are whole numbers by type, got float64"):
        given(loss, np.full((2, 3), -1.0), np.array([0.0, 1.0]))


@every_ops
@pytest.mark.parametrize("case", OF_CLASSES, ids=str)
def test_a_column_of_classes_is_the_classes(case: LossCase, ops: Enum) -> None:
    loss, (outputs, targets) = case.make(), case.batch()
    loss.ops = choose_ops(ops)
    expected, gradient = given(loss, outputs, targets), loss.backward().copy()
    assert given(loss, outputs, targets[:, None]) == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(loss.backward(), gradient, rtol=1e-12, atol=1e-16)


@every_ops
@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize("kind", ["CrossEntropyLoss", "NLLLoss"])
def test_probabilities_of_other_classes_raise(kind: str, width: int, ops: Enum) -> None:
    loss: BaseLoss = Case(kind, {}).built(BaseLoss)
    loss.ops = choose_ops(ops)
    with pytest.raises(
        ValueError, match=rf"targets of shape \(2, {width}\) are no probabilities for outputs of \(2, 3\)"
    ):
        given(loss, np.full((2, 3), -1.0), np.full((2, width), 1 / width))


@every_ops
@pytest.mark.parametrize("count", [1, 3])
def test_another_number_of_classes_than_outputs_raises(count: int, ops: Enum) -> None:
    z = np.zeros((2, 3))
    with pytest.raises(IndexError, match=rf"for each of 2 rows, got targets of shape \({count},\)"):
        choose_ops(ops).cross_entropy(z, np.zeros(count, np.int64), 2.0, np.empty_like(z))


@pytest.mark.parametrize("strange", [-3, 7])
@pytest.mark.parametrize(("kind", "args", "width"), METRICS)
def test_a_metric_of_a_class_that_there_is_not_raises(
    kind: str, args: dict[str, Any], width: int, strange: int
) -> None:
    metric: BaseMetric = Case(kind, args).built(BaseMetric)
    outputs = np.zeros((4, width))
    with pytest.raises(IndexError, match=f"Target {strange} is out of bounds for {max(width, 2)} classes"):
        metric.update(outputs, with_one(outputs, strange))


def with_one(outputs: Array, strange: int, dtype: str = "int64", column: bool = False) -> Array:
    """Classes that are right but for the last."""
    targets = np.zeros(len(outputs), dtype)
    targets[-1] = strange
    return targets[:, None] if column else targets


def given(loss: BaseLoss, outputs: Array, targets: Array) -> float:
    """The mean loss."""
    return loss.forward(outputs, targets, loss.loss_denominator(targets))
