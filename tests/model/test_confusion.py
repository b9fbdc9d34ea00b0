"""Counts of which class was taken for which."""

import math

import numpy as np
import pytest

from model.confusion import Confusion, no_counts


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_rows_are_true_and_columns_said_and_bytes_do_not_overflow(dtype: type) -> None:
    confusion = Confusion(no_counts(200))
    confusion.add(np.array([199, 3], dtype), np.array([199, 199], dtype))
    confusion.add(np.array([3], dtype), np.array([199], dtype))
    assert confusion.counts[199, 199] == 1
    assert confusion.counts[199, 3] == 2
    assert confusion.counts.sum() == 3


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_without_samples_there_is_no_average(average: str) -> None:
    confusion = Confusion(no_counts(3))
    assert math.isnan(confusion.averaged(confusion.f1(), average))  # type: ignore[arg-type]
