"""Stored samples become numbers by one difference and one quotient."""

import numpy as np
import pytest

from ops.choose import Enum
from tests.every_ops import choose_ops, every_ops, needs_numba


@every_ops
@pytest.mark.parametrize("kind", ["uint8", "int32", "float32", "float64"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("offset", [None, np.array([3.0, -1.5, 1e3])])
def test_samples_are_shifted_and_scaled(ops: Enum, kind: str, dtype: str, offset: np.ndarray | None) -> None:
    stored = np.random.default_rng(1).integers(0, 256, (20, 5, 3)).astype(kind)
    stored.flags.writeable = False
    rows, divisor = np.array([4, 4, 19, 0]), 255.0 if offset is None else np.array([7.0, 0.3, 11.0])
    out = np.empty((4, 5, 3), dtype)
    assert choose_ops(ops).read_inputs(stored, rows, offset, divisor, out) is out
    wanted = (stored[rows].astype("float64") - (0 if offset is None else offset)) / divisor
    np.testing.assert_allclose(out, wanted, rtol=1e-6 if dtype == "float32" else 1e-15)


@every_ops
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_mean_that_float32_has_not_is_subtracted_in_float64(ops: Enum, dtype: str) -> None:
    stored = np.array([[1e6], [1e6], [1e6 + 0.0625]], "float32")
    out = np.empty((3, 1), dtype)
    mean, deviation = stored.mean(axis=0, dtype="float64"), stored.std(axis=0, dtype="float64")
    choose_ops(ops).read_inputs(stored, np.arange(3), mean, deviation, out)
    np.testing.assert_allclose(out[:, 0], [-(0.5**0.5), -(0.5**0.5), 2**0.5], rtol=1e-6)


@needs_numba
@pytest.mark.parametrize("kind", ["uint8", "int16", "float32", "float64"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("offset", [None, np.array([33.3, -1.5, 1e3])])
def test_both_versions_of_the_operations_agree_to_the_bit(kind: str, dtype: str, offset: np.ndarray | None) -> None:
    stored = np.random.default_rng(1).integers(0, 256, (20, 5, 3)).astype(kind)
    rows, divisor = np.array([4, 4, 19, 0]), 255.0 if offset is None else np.array([7.0, 0.3, 11.0])
    both = [
        choose_ops(ops).read_inputs(stored, rows, offset, divisor, np.empty((4, 5, 3), dtype))
        for ops in ("numpy", "compiled")
    ]
    assert both[0].tobytes() == both[1].tobytes()


@every_ops
def test_large_numbers_that_differ_little_keep_their_differences(ops: Enum) -> None:
    stored = np.array([[1e9 + 1], [1e9 + 3]])
    out = np.empty((2, 1), "float32")
    choose_ops(ops).read_inputs(stored, np.arange(2), np.array([1e9]), np.array([2.0]), out)
    np.testing.assert_array_equal(out, [[0.5], [1.5]])
