"""Layer normalisation: rounding, constant samples, and penalties."""

import numpy as np
import pytest

from model.layers.layer_norm import LayerNorm
from tests.one_layer import batch, built


def test_numbers_far_from_0_keep_their_digits_in_float32() -> None:
    x = 1000 + batch(6, (500,), "float32")
    output = built(LayerNorm(elementwise_affine=False), (500,), "float32").forward(x)
    exact = x.astype(float)
    exact = (exact - exact.mean(axis=1, keepdims=True)) / np.sqrt(exact.var(axis=1, keepdims=True) + 1e-5)
    assert np.abs(output - exact).max() < 1e-3


def test_a_constant_sample_becomes_the_bias() -> None:
    model = built(LayerNorm(), (4,))
    output = model.forward(np.full((2, 4), 3.0))
    np.testing.assert_array_equal(output, np.tile(model.named_views(model.values)["layernorm.bias"], (2, 1)))


@pytest.mark.parametrize("normalized_shape", [None, [2, 5]])
def test_penalties_leave_weight_and_bias_out(normalized_shape: list[int] | None) -> None:
    assert built(LayerNorm(normalized_shape), (2, 5)).weight_ranges() == []


def test_without_weight_there_is_no_bias_either() -> None:
    assert len(built(LayerNorm(elementwise_affine=False), (5,)).values) == 0
