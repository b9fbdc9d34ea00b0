"""Losses of outputs of any size, and of outputs that are not what the loss takes."""

from typing import Any

import numpy as np
import pytest

from base.base_loss import BaseLoss
from base.errors import UserError
from base.types import Array
from model.layers.activations import Sigmoid, Softmax
from model.losses.bce import BCELoss, BCEWithLogitsLoss
from model.losses.cross_entropy import CrossEntropyLoss
from model.losses.hinge import HingeLoss
from model.losses.mse import MSELoss
from model.losses.nll import NLLLoss
from tests.every_ops import OPS, choose_ops
from tests.one_layer import built

pytestmark = pytest.mark.usefixtures("_ops")


@pytest.fixture(params=OPS)
def _ops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test of this file is run with both versions of the operations."""
    monkeypatch.setattr(BaseLoss, "ops", choose_ops(request.param))


CAPPED = -np.log(1e-30)
FIRST = np.array([0])
HALVES = np.array([[0.5, 0.5]])
BIG = [
    (CrossEntropyLoss(), [1e4, -1e4], FIRST, 0.0),
    (CrossEntropyLoss(), [-1e4, 1e4], FIRST, 2e4),
    (CrossEntropyLoss(), [1e4, 1e4], FIRST, np.log(2)),
    (CrossEntropyLoss(), [-1e4, -1e4], FIRST, np.log(2)),
    (CrossEntropyLoss(), [1e4, -1e4], HALVES, 1e4),
    (CrossEntropyLoss(label_smoothing=0.5), [1e4, -1e4], FIRST, 0.25 * 2e4),
    (CrossEntropyLoss(weight=[2, 1]), [-1e4, 1e4], FIRST, 4e4),
    (CrossEntropyLoss(from_logits=False), [1.0, 0.0], FIRST, 0.0),
    (CrossEntropyLoss(from_logits=False), [0.0, 1.0], FIRST, CAPPED),
    (NLLLoss(), [-2e4, 0.0], FIRST, 2e4),
    (MSELoss(softmax=True), [-1e4, 1e4], FIRST, 1.0),
    (MSELoss(softmax=True), [1e4, -1e4], FIRST, 0.0),
    (BCEWithLogitsLoss(), [1e4], FIRST, 1e4),
    (BCEWithLogitsLoss(), [-1e4], FIRST, 0.0),
    (BCEWithLogitsLoss(), [1e4], FIRST + 1, 0.0),
    (BCEWithLogitsLoss(pos_weight=3), [-1e4], FIRST + 1, 3e4),
    (BCELoss(), [1.0], FIRST, 100.0),
    (BCELoss(), [0.0], FIRST, 0.0),
    (BCELoss(), [0.0], FIRST + 1, 100.0),
    (HingeLoss(), [1e4], FIRST, 1e4 + 1),
    (HingeLoss(), [-1e4], FIRST, 0.0),
    (HingeLoss(), [-1e4, 1e4], FIRST, 2e4 / 2 + 0.5),
    (HingeLoss(multi_class="crammer_singer"), [-1e4, 1e4], FIRST, 2e4 + 1),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("loss", "outputs", "target", "value"), BIG)
def test_the_limit_is_right_and_the_gradient_finite(
    loss: BaseLoss, outputs: list[float], target: Array, value: float, dtype: str
) -> None:
    assert loss.forward(np.array([outputs], dtype), target, 1) == pytest.approx(value, rel=1e-6)
    assert np.isfinite(loss.backward()).all()


@pytest.mark.parametrize("pos_weight", [1.0, 3.0])
@pytest.mark.parametrize("logit", [10.0, 20.0, 60.0])
def test_the_gradient_of_a_logit_that_is_right_keeps_its_digits_in_float32(logit: float, pos_weight: float) -> None:
    loss, expected = BCEWithLogitsLoss(pos_weight), np.exp(-logit) / (1 + np.exp(-logit))
    loss.forward(np.array([[-logit], [logit]], np.float32), np.array([0, 1]), 1)
    np.testing.assert_allclose(loss.backward()[:, 0], [expected, -pos_weight * expected], rtol=1e-6)


@pytest.mark.parametrize(("dtype", "logit"), [("float32", -40), ("float32", -80), ("float64", -80), ("float64", -700)])
def test_bce_after_a_sigmoid_keeps_the_gradient_of_a_logit_that_is_far_below(dtype: str, logit: float) -> None:
    model = built(Sigmoid(), (1,), dtype, BaseLoss.ops)
    model.root.needs_input_gradient = True
    loss, target = BCELoss(), np.array([0, 1])
    outputs = model.forward(np.full((2, 1), logit, dtype))
    loss.forward(outputs, target, 1)
    found, exact = model.backward(loss.backward()), np.exp(np.float64(logit))
    np.testing.assert_allclose(np.asarray(found)[:, 0], [exact, -1.0], rtol=1e-6)


INF = np.inf
IMPOSSIBLE = np.array([[1.0, -INF, 0.5], [0.25, 2.0, -INF], [-INF, 0.0, -INF]])
POSSIBLE = np.array([0, 1, 1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("targets", [POSSIBLE, np.eye(3)[POSSIBLE]], ids=["classes", "probabilities"])
@pytest.mark.parametrize("weight", [None, [1.0, 1.0, 1.0], [2.0, 0.5, 3.0]], ids=str)
def test_a_class_that_cannot_be_adds_nothing_to_the_loss_of_others(
    targets: Array, weight: list[float] | None, dtype: str
) -> None:
    logits = IMPOSSIBLE.astype(dtype)
    shares = np.array(weight or [1.0] * 3)[POSSIBLE]
    losses = np.log(np.exp(IMPOSSIBLE).sum(1)) - IMPOSSIBLE[np.arange(3), POSSIBLE]
    log_probabilities = BaseLoss.ops.log_softmax(logits, np.empty_like(logits))
    for loss, outputs in ((CrossEntropyLoss(weight=weight), logits), (NLLLoss(weight), log_probabilities)):
        assert loss.forward(outputs, targets, 1) == pytest.approx(np.sum(shares * losses), rel=1e-6)
        assert np.isfinite(loss.backward()).all()


@pytest.mark.parametrize("weight", [None, [2.0, 0.5, 3.0]], ids=str)
def test_the_share_that_smoothing_gives_to_a_class_that_cannot_be_costs_infinitely_much(
    weight: list[float] | None,
) -> None:
    assert CrossEntropyLoss(0.1, weight).forward(IMPOSSIBLE, POSSIBLE, 3) == INF  # as in PyTorch


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_the_number_of_classes() -> None:
    assert CrossEntropyLoss().forward(np.zeros((3, 10)), np.array([0, 5, 9]), 3) == pytest.approx(np.log(10))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_class_whose_probability_is_0_is_still_pulled_up(dtype: str) -> None:
    loss = CrossEntropyLoss(from_logits=False)
    loss.forward(np.array([[0.0, 1.0]], dtype), FIRST, 1)
    assert loss.backward().tolist()[0][0] < -1e29


@pytest.mark.parametrize(
    "arguments", [{}, {"label_smoothing": 0.2}, {"weight": [1.0, 2.0, 0.5]}, {"weight": [3.0, 1.0, 1.0]}]
)
@pytest.mark.parametrize("targets", [np.array([2, 0, 1, 1]), np.full((4, 3), 1 / 3)], ids=["classes", "probabilities"])
def test_softmax_and_then_the_loss_of_probabilities_is_the_loss_of_logits(
    arguments: dict[str, Any], targets: Array
) -> None:
    logits, softmax = np.random.default_rng(1).standard_normal((4, 3)), Softmax()
    whole, apart = CrossEntropyLoss(**arguments), CrossEntropyLoss(from_logits=False, **arguments)
    expected = whole.forward(logits, targets, 4)
    assert apart.forward(softmax.forward(logits), targets, 4) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(softmax.backward(apart.backward()), whole.backward(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("arguments", [{}, {"label_smoothing": 0.2}, {"from_logits": False}])
def test_indices_are_one_hot_probabilities(arguments: dict[str, Any]) -> None:
    outputs, targets = np.random.default_rng(1).dirichlet([1, 1, 1], 4), np.array([2, 0, 1, 1])
    loss = CrossEntropyLoss(**arguments)
    value, gradient = loss.forward(outputs, targets, 4), loss.backward().copy()
    assert loss.forward(outputs, np.eye(3)[targets], 4) == pytest.approx(value, rel=1e-13)
    np.testing.assert_allclose(loss.backward(), gradient, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("labels", [[0, 1, 1], [-1, 1, 1], [[-1.0], [1.0], [1.0]]], ids=str)
def test_labels_of_a_single_hinge_are_0_and_1_or_their_signs(labels: list[Any]) -> None:
    value = HingeLoss().forward(np.array([[0.25], [0.5], [-2.0]]), np.array(labels), 3)
    assert value == pytest.approx((1.25 + 0.5 + 3.0) / 3)


def test_numbers_without_an_axis_are_targets_of_a_single_output() -> None:
    loss = MSELoss()
    loss.check((1,), (), None)
    assert loss.forward(np.array([[1.0], [5.0]]), np.array([0.5, 4.0]), 2) == pytest.approx((0.25 + 1) / 2)


def test_the_loss_of_many_float32_samples_is_summed_in_float64() -> None:
    outputs = np.full((2**20, 1), 0.1, np.float32)
    value = MSELoss().forward(outputs, np.zeros_like(outputs), len(outputs))
    assert value == pytest.approx(float(np.float32(0.1) ** 2), rel=1e-7)


@pytest.mark.parametrize(
    ("loss", "outputs", "words"),
    [
        (CrossEntropyLoss(from_logits=False), [0.5, 1.5], "probabilities from 0 to 1, .* holds 1.5; set from_logits"),
        (BCELoss(), [-3.25], "BCELoss takes probabilities from 0 to 1, .* holds -3.25; end the network with Sigmoid"),
        (NLLLoss(), [-1.0, 2.0], "NLLLoss takes log-probabilities, .* holds 2; end the network with LogSoftmax, or"),
    ],
)
def test_outputs_of_another_kind_are_the_users_mistake(loss: BaseLoss, outputs: list[float], words: str) -> None:
    with pytest.raises(UserError, match=words):
        loss.forward(np.array([outputs]), FIRST, 1)


@pytest.mark.parametrize("loss", [CrossEntropyLoss(from_logits=False), BCELoss(), NLLLoss(), CrossEntropyLoss()])
def test_outputs_that_are_no_numbers_show_in_the_loss(loss: BaseLoss) -> None:
    assert np.isnan(loss.forward(np.full((1, 2), np.nan), FIRST, 1))
