"""A plain function that scores samples becomes an exact mean."""

import math

import numpy as np
import pytest

from base.base_metric import SampleMean
from base.types import Array


def error(output: Array, target: Array, power: int = 1) -> Array:
    return np.asarray(np.abs(output[:, 0] - target) ** power)


def test_batches_count_by_their_samples() -> None:
    metric = SampleMean(error)
    metric.update(np.array([[1.0], [1.0], [1.0]]), np.zeros(3))
    metric.update(np.array([[5.0]]), np.zeros(1))
    assert metric.compute() == 2.0


def test_arguments_reach_the_function() -> None:
    metric = SampleMean(error, power=2)
    metric.update(np.array([[3.0]]), np.zeros(1))
    assert metric.compute() == 9.0


def test_without_samples_the_figure_is_not_a_number() -> None:
    assert math.isnan(SampleMean(error).compute())


def test_many_small_numbers_are_summed_in_float64() -> None:
    metric = SampleMean(error)
    for _ in range(100):
        metric.update(np.full((1000, 1), 0.1, np.float32), np.zeros(1000, np.float32))
    assert metric.compute() == pytest.approx(float(np.float32(0.1)), rel=1e-12)
