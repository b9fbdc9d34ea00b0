"""Every loss has the right value and gradient, in parts as on the whole."""

import numpy as np
import pytest

from model.losses.cross_entropy import CrossEntropyLoss
from model.losses.mse import MSELoss
from tests.cases.losses import CASES, LossCase
from tests.gradient_check import check_gradient
from tests.reference.stored import stored

every_loss = pytest.mark.parametrize("case", CASES, ids=str)
ordinary_losses = pytest.mark.parametrize("case", [case for case in CASES if case.scale == 1], ids=str)


@ordinary_losses
def test_the_gradient_is_that_of_finite_differences(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    normaliser = loss.normaliser(targets)
    loss.forward(outputs, targets, normaliser)
    check_gradient(loss.backward().copy(), lambda: loss.forward(outputs, targets, normaliser), outputs, "the outputs")


@every_loss
def test_parts_of_a_batch_add_up_to_the_whole(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    normaliser = loss.normaliser(targets)
    whole = loss.forward(outputs, targets, normaliser)
    gradient = loss.backward().copy()
    values, gradients = [], []
    for part in (slice(0, 3), slice(3, 4), slice(4, None)):
        values.append(loss.forward(outputs[part], targets[part], normaliser))
        gradients.append(loss.backward().copy())
    assert sum(values) == pytest.approx(whole, rel=1e-14)
    np.testing.assert_allclose(np.concatenate(gradients), gradient, rtol=1e-14)


@every_loss
def test_the_loss_of_a_batch_twice_over_is_the_same_mean(case: LossCase) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    doubled = np.concatenate([targets, targets])
    once = loss.forward(outputs, targets, loss.normaliser(targets))
    twice = loss.forward(np.concatenate([outputs, outputs]), doubled, loss.normaliser(doubled))
    assert twice == pytest.approx(once, rel=1e-14)


@every_loss
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_gradient_has_shape_and_type_of_the_outputs_which_stay_as_they_were(case: LossCase, dtype: str) -> None:
    loss = case.make()
    outputs, targets = case.batch()
    outputs = outputs.astype(dtype)
    before = outputs.copy()
    value = loss.forward(outputs, targets, loss.normaliser(targets))
    gradient = loss.backward()
    assert type(value) is float
    assert np.isfinite(value)
    assert (gradient.dtype, gradient.shape) == (outputs.dtype, outputs.shape)
    assert np.isfinite(gradient).all()
    np.testing.assert_array_equal(outputs, before)


@pytest.mark.parametrize("case", [case for case in CASES if case.in_torch], ids=str)
def test_value_and_gradient_are_those_of_torch(case: LossCase) -> None:
    expected = stored("losses", case)
    loss = case.make()
    targets = expected["targets"]
    assert loss.forward(expected["outputs"], targets, len(targets)) == pytest.approx(expected["loss"], rel=1e-13)
    np.testing.assert_allclose(loss.backward(), expected["gradient"], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("logits", "value"), [([1e4, -1e4], 0.0), ([-1e4, 1e4], 2e4), ([1e4, 1e4], np.log(2))])
def test_cross_entropy_is_exact_for_logits_of_any_size(logits: list[float], value: float, dtype: str) -> None:
    loss = CrossEntropyLoss()
    assert loss.forward(np.array([logits], dtype), np.array([0]), 1) == pytest.approx(value, rel=1e-6)
    assert np.isfinite(loss.backward()).all()


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_the_number_of_classes() -> None:
    assert CrossEntropyLoss().forward(np.zeros((3, 10)), np.array([0, 5, 9]), 3) == pytest.approx(np.log(10))


def test_the_loss_of_many_float32_samples_is_summed_in_float64() -> None:
    outputs = np.full((2**20, 1), 0.1, np.float32)
    value = MSELoss().forward(outputs, np.zeros_like(outputs), len(outputs))
    assert value == pytest.approx(float(np.float32(0.1) ** 2), rel=1e-7)


@pytest.mark.parametrize(
    ("output_shape", "target_shape", "classes", "words"),
    [
        ((4,), (), 3, r"shape \(4,\), but CrossEntropyLoss needs one logit for each of the 3 classes: \(3,\)"),
        ((2, 3), (), 3, r"shape \(2, 3\), but CrossEntropyLoss"),
        ((3,), (3,), None, "CrossEntropyLoss needs class labels"),
    ],
)
def test_cross_entropy_refuses_what_it_cannot_compare(
    output_shape: tuple[int, ...], target_shape: tuple[int, ...], classes: int | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        CrossEntropyLoss().check(output_shape, target_shape, classes)


@pytest.mark.parametrize(("target_shape", "classes"), [((), 3), ((2, 2), None)])
def test_mse_refuses_outputs_of_another_shape_than_the_targets(
    target_shape: tuple[int, ...], classes: int | None
) -> None:
    with pytest.raises(ValueError, match=r"output has shape \(4,\), but the targets of MSELoss"):
        MSELoss().check((4,), target_shape, classes)


@every_loss
def test_outputs_and_targets_that_belong_together_are_accepted(case: LossCase) -> None:
    targets = case.batch()[1]
    case.make().check(case.output_shape, targets.shape[1:], case.output_shape[0] if case.classes else None)
