"""Compiled sums: right, and in the order that is stated."""

import numpy as np
import pytest

from base.types import Array
from ops.formulas.sums import MANY
from tests.every_ops import choose_ops, needs_numba

pytestmark = needs_numba
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def numbers(shape: tuple[int, ...], dtype: str) -> Array:
    return np.random.default_rng(1).standard_normal(shape).astype(dtype)


@every_dtype
@pytest.mark.parametrize("columns", [1, 3, 4, 10, 16, 33, 128, 300])
@pytest.mark.parametrize("count", [1, 2, 47, 5000])
def test_column_sums_are_made_in_the_stated_order(count: int, columns: int, dtype: str) -> None:
    from ops.compiled.sums import NUMBERS, ROWS

    rows = numbers((count, columns), dtype)
    dealt = max(1, NUMBERS // columns)
    expected = np.zeros(columns, dtype)
    for first in range(dealt):
        total = np.zeros(columns, dtype)
        for begun in range(first, count, dealt * ROWS):
            chain = np.zeros(columns, dtype)
            for row in rows[begun : begun + dealt * ROWS : dealt]:
                chain += row
            total += chain
        expected += total
    found = choose_ops("compiled").column_sums(rows.reshape(count, 1, columns), np.empty(columns, dtype))
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("ops", ["numpy", "compiled"])
def test_column_sums_of_many_rows_are_made_in_float64(ops: str) -> None:
    rows = np.full((MANY + 1, 3), 0.1, np.float32)
    found = choose_ops(ops).column_sums(rows, np.empty(3, np.float32))
    assert found.tolist() == [np.float32((MANY + 1) * np.float64(np.float32(0.1)))] * 3


@every_dtype
@pytest.mark.parametrize("count", [0, 1, 32, 33, 100, 4099])
def test_a_total_is_made_in_the_stated_order(count: int, dtype: str) -> None:
    from ops.compiled.sums import LANES

    x = numbers((count,), dtype)
    lanes = [0.0] * LANES
    for i, number in enumerate(x.tolist()):
        lanes[i % LANES] += number
    expected = 0.0
    for lane in lanes:
        expected += lane
    assert choose_ops("compiled").total(x) == expected
    assert choose_ops("numpy").total(x) == pytest.approx(expected, rel=1e-12)
