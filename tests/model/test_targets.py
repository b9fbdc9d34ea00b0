"""Targets in the form that is compared."""

import numpy as np
import pytest

from base.types import Array
from model.targets import as_numbers, one_hot, true_classes


@pytest.mark.parametrize(
    ("target", "width", "numbers"),
    [
        (np.array([2, 0], np.uint8), 3, [[0, 0, 1], [1, 0, 0]]),
        (np.array([1, 0]), 1, [[1], [0]]),
        (np.array([[0.25, 0.75], [1.0, 0.0]]), 1, [[0.75], [0]]),
        (np.array([[0.25, 0.75], [1.0, 0.0]]), 2, [[0.25, 0.75], [1, 0]]),
        (np.array([0.5, -2.0]), 1, [[0.5], [-2]]),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_targets_take_the_shape_and_type_of_the_outputs(
    target: Array, width: int, numbers: list[list[float]], dtype: str
) -> None:
    found = as_numbers(target, np.zeros((2, width), dtype))
    assert found.dtype == dtype
    assert found.tolist() == numbers


def test_the_most_probable_is_the_class() -> None:
    classes = np.array([2, 0, 1])
    assert true_classes(classes).tolist() == [2, 0, 1]
    assert true_classes(one_hot(classes, 3, np.dtype("float32"))).tolist() == [2, 0, 1]
