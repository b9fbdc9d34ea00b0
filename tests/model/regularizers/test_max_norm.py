"""Weights that are too long are shortened to the bound, unit by unit, and no others are touched."""

import numpy as np
import pytest

from model.regularizers.max_norm import MaxNorm
from tests.every_ops import choose_ops, every_ops


@every_ops
@pytest.mark.parametrize("shape", [(6, 5), (3, 3, 2, 5), (1, 5)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_incoming_weights_of_each_unit_are_within_the_bound_and_point_where_they_did(
    shape: tuple[int, ...], dtype: str, ops: str
) -> None:
    weight = np.random.default_rng(1).standard_normal(shape).astype(dtype)
    weight[..., 0], weight[..., 1] = 0, 0.1 / np.sqrt(weight[..., 1].size)
    before = weight.copy()
    bound = MaxNorm(0.3)
    bound.ops = choose_ops(ops)
    bound.project(weight)
    for unit in range(5):
        norm, own = np.linalg.norm(before[..., unit]), weight[..., unit]
        if norm <= 0.3:
            np.testing.assert_array_equal(own, before[..., unit])
        else:
            assert np.linalg.norm(own) == pytest.approx(0.3, rel=1e-6)
            np.testing.assert_allclose(own, before[..., unit] * (0.3 / norm), rtol=1e-6)


@every_ops
def test_weights_on_the_bound_stay_as_they_are(ops: str) -> None:
    weight = np.array([[3.3, 0.0], [0.0, -3.3]])
    bound = MaxNorm(3.3)
    bound.ops = choose_ops(ops)
    bound.project(weight)
    assert weight.tolist() == [[3.3, 0.0], [0.0, -3.3]]
