"""Every loss has the right value and gradient, in parts as on the whole."""

from typing import Any

import numpy as np
import pytest

from base.base_loss import BaseLoss
from base.types import Shape
from tests.cases.case import Case
from tests.cases.losses import CASES, MISFITS, LossCase
from tests.every_ops import OPS, choose_ops
from tests.gradient_check import check_gradient
from tests.reference.stored import stored

pytestmark = pytest.mark.usefixtures("_ops")


@pytest.fixture(params=OPS)
def _ops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test of this file is run with both versions of the operations."""
    monkeypatch.setattr(BaseLoss, "ops", choose_ops(request.param))


every_loss = pytest.mark.parametrize("case", CASES, ids=str)
ordinary_losses = pytest.mark.parametrize("case", [case for case in CASES if case.scale == 1], ids=str)


@ordinary_losses
def test_the_gradient_is_that_of_finite_differences(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    loss_denominator = loss.loss_denominator(targets)
    loss.forward(outputs, targets, loss_denominator)
    check_gradient(
        loss.backward().copy(), lambda: loss.forward(outputs, targets, loss_denominator), outputs, "the outputs"
    )


@every_loss
def test_parts_of_a_batch_add_up_to_the_whole(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    loss_denominator = loss.loss_denominator(targets)
    whole = loss.forward(outputs, targets, loss_denominator)
    gradient = loss.backward().copy()
    values, gradients = [], []
    for part in (slice(0, 3), slice(3, 4), slice(4, None)):
        values.append(loss.forward(outputs[part], targets[part], loss_denominator))
        gradients.append(loss.backward().copy())
    assert sum(values) == pytest.approx(whole, rel=1e-14)
    np.testing.assert_allclose(np.concatenate(gradients), gradient, rtol=1e-14)


@every_loss
def test_the_normalisers_of_parts_add_up_to_that_of_the_whole(case: LossCase) -> None:
    loss, targets = case.make(), case.batch()[1]
    parts = loss.loss_denominator(targets[:3]) + loss.loss_denominator(targets[3:])
    assert parts == pytest.approx(loss.loss_denominator(targets), rel=1e-15)


@ordinary_losses
def test_a_sample_of_weight_n_counts_as_n_samples(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    counts = np.array([1, 3, 0, 2, 1, 4, 2])
    repeated = np.repeat(targets, counts, axis=0)
    denominator = loss.loss_denominator(targets, counts)
    assert denominator == pytest.approx(loss.loss_denominator(repeated), rel=1e-15)
    wanted = loss.forward(np.repeat(outputs, counts, axis=0), repeated, denominator)
    gradient = loss.backward()
    firsts = np.add.accumulate(counts) - counts
    expected = [counts[n] * gradient[firsts[n]] if counts[n] else np.zeros(case.output_shape) for n in range(7)]
    assert loss.forward(outputs, targets, denominator, counts) == pytest.approx(wanted, rel=1e-14)
    np.testing.assert_allclose(loss.backward(), expected, rtol=1e-13, atol=1e-18)


@every_loss
def test_the_loss_of_a_batch_twice_over_is_the_same_mean(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    doubled = np.concatenate([targets, targets])
    once = loss.forward(outputs, targets, loss.loss_denominator(targets))
    twice = loss.forward(np.concatenate([outputs, outputs]), doubled, loss.loss_denominator(doubled))
    assert twice == pytest.approx(once, rel=1e-14)


@every_loss
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_gradient_has_shape_and_type_of_the_outputs_which_stay_as_they_were(case: LossCase, dtype: str) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    outputs = outputs.astype(dtype)
    before, wanted = outputs.copy(), targets.copy()
    value = loss.forward(outputs, targets, loss.loss_denominator(targets))
    gradient = loss.backward()
    assert type(value) is float
    assert np.isfinite(value)
    assert (gradient.dtype, gradient.shape) == (outputs.dtype, outputs.shape)
    assert np.isfinite(gradient).all()
    np.testing.assert_array_equal(outputs, before)
    np.testing.assert_array_equal(targets, wanted)


@every_loss
def test_backward_a_second_time_gives_the_same(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    loss.forward(outputs, targets, loss.loss_denominator(targets))
    first = loss.backward().copy()
    np.testing.assert_array_equal(loss.backward(), first)


@every_loss
def test_outputs_that_are_not_contiguous_give_the_same(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    value, gradient = loss.forward(outputs, targets, len(targets)), loss.backward().copy()
    strided = np.repeat(outputs, 2, axis=-1)[..., ::2]
    assert loss.forward(strided, targets, len(targets)) == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(loss.backward(), gradient, rtol=1e-14)


@pytest.mark.parametrize("case", [case for case in CASES if case.in_torch], ids=str)
def test_value_and_gradient_are_those_of_torch(case: LossCase) -> None:
    expected = stored("losses", case)
    loss = case.make()
    outputs, targets = expected["outputs"], expected["targets"]
    assert loss.forward(outputs, targets, loss.loss_denominator(targets)) == pytest.approx(expected["loss"], rel=1e-13)
    np.testing.assert_allclose(loss.backward(), expected["gradient"], rtol=1e-12, atol=1e-16)


@every_loss
def test_outputs_and_targets_that_belong_together_are_accepted(case: LossCase) -> None:
    target_shape = () if case.classes else case.output_shape
    case.make().check(case.output_shape, target_shape, case.classes)


@pytest.mark.parametrize(("kind", "args", "output_shape", "target_shape", "classes", "words"), MISFITS)
def test_what_cannot_be_compared_is_refused(
    kind: str, args: dict[str, Any], output_shape: Shape, target_shape: Shape, classes: int | None, words: str
) -> None:
    loss: BaseLoss = Case(kind, args).built(BaseLoss)
    with pytest.raises(ValueError, match=words):
        loss.check(output_shape, target_shape, classes)
