"""Every penalty has the right value and gradient, in parts as on the whole."""

import numpy as np
import pytest

from base.base_regularizer import BaseRegularizer
from model.regularizers.elastic_net import ElasticNet
from model.regularizers.l1 import L1
from model.regularizers.l2 import L2
from tests.cases.regularizers import CASES, RegularizerCase
from tests.every_ops import OPS, choose_ops
from tests.gradient_check import check_gradient
from tests.one_layer import batch

every_regularizer = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture(autouse=True, params=OPS)
def _ops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test of this file is run with both versions of the operations."""
    monkeypatch.setattr(BaseRegularizer, "ops", choose_ops(request.param))


@every_regularizer
def test_the_penalty_is_the_one_worked_out_by_hand(case: RegularizerCase) -> None:
    assert case.make().penalty(np.array([1.0, -2.0, 3.0])) == pytest.approx(case.penalty, rel=1e-15)


@every_regularizer
def test_the_gradient_is_that_of_finite_differences(case: RegularizerCase) -> None:
    regularizer, weights = case.make(), batch(1, (9,))[0]
    gradient = np.zeros(9)
    regularizer.add_gradient(weights, gradient, np.full(9, np.nan))
    check_gradient(gradient, lambda: regularizer.penalty(weights), weights, "the weights")


@every_regularizer
def test_the_gradient_is_added_to_what_is_there_and_weights_stay_as_they_were(case: RegularizerCase) -> None:
    regularizer, weights = case.make(), batch(1, (9,))[0]
    alone, added = np.zeros(9), np.full(9, 4.0)
    for gradient in (alone, added):
        regularizer.add_gradient(weights, gradient, np.empty(9))
    np.testing.assert_allclose(added, 4.0 + alone, rtol=1e-15)
    np.testing.assert_array_equal(weights, batch(1, (9,))[0])


@every_regularizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_parts_give_the_same_bits_and_add_up(case: RegularizerCase, dtype: str) -> None:
    regularizer, weights = case.make(), batch(1, (9,), dtype)[0]
    whole, pieces = np.zeros_like(weights), np.zeros_like(weights)
    regularizer.add_gradient(weights, whole, np.empty_like(weights))
    penalties = []
    for part in (slice(0, 4), slice(4, 5), slice(5, 9)):
        regularizer.add_gradient(weights[part], pieces[part], np.empty_like(weights[part]))
        penalties.append(regularizer.penalty(weights[part]))
    np.testing.assert_array_equal(pieces, whole)
    assert sum(penalties) == pytest.approx(regularizer.penalty(weights), rel=1e-6)


def test_l1_has_no_slope_at_0() -> None:
    gradient = np.zeros(3)
    L1(0.5).add_gradient(np.array([0.0, -0.0, 2.0]), gradient, np.empty(3))
    assert gradient.tolist() == [0, 0, 0.5]


def test_an_elastic_net_is_l1_and_l2() -> None:
    weights = batch(1, (9,))[0]
    both, parts = np.zeros(9), np.zeros(9)
    ElasticNet(0.2, 0.3).add_gradient(weights, both, np.empty(9))
    for term in (L1(0.2), L2(0.3)):
        term.add_gradient(weights, parts, np.empty(9))
    np.testing.assert_array_equal(both, parts)
