"""Targets in the form that is compared."""

import numpy as np
import pytest

from base.types import Array
from model.targets import as_numbers, labelled_classes, one_hot, true_classes


@pytest.mark.parametrize(
    ("target", "width", "numbers"),
    [
        (np.array([2, 0], np.uint8), 3, [[0, 0, 1], [1, 0, 0]]),
        (np.array([1, 0]), 1, [[1], [0]]),
        (np.array([[2], [0]]), 3, [[0, 0, 1], [1, 0, 0]]),
        (np.array([[1], [0]]), 1, [[1], [0]]),
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
    assert true_classes(classes, 3).tolist() == [2, 0, 1]
    assert true_classes(one_hot(classes, 3, np.dtype("float32")), 3).tolist() == [2, 0, 1]
    assert true_classes(classes[:, None], 3).tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("target", "classes"),
    [
        (np.array([0, 3]), [0, 3]),
        (np.array([0.0, 1.0]), [0, 1]),
        (np.array([[1.0], [0.0]], np.float32), [1, 0]),
        (np.array([-1.0, 1.0]), [0, 1]),
        (np.array([[0.2, 0.8, 0.0], [0.5, 0.25, 0.25]]), [1, 0]),
    ],
)
def test_numbers_that_say_a_class_are_taken_for_it(target: Array, classes: list[int]) -> None:
    found = labelled_classes(target, np.zeros((2, 4)))
    assert (found.dtype.kind, found.tolist()) == ("i", classes)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (np.array([0.0, 1.0, 0.5]), "such as 0.5, that are not all 0 and 1"),
        (np.array([[0.0], [11.0]]), "such as 11,"),
        (np.array([-1.0, 0.0, 1.0]), "such as 0,"),
        (np.array([[1.0, 1.0, 0.0]]), r"rows of numbers of shape \(3,\)"),
        (np.array([[-0.5, 1.5]]), "no probabilities"),
        (np.zeros((2, 2, 2)), r"shape \(2, 2\)"),
    ],
)
def test_numbers_that_say_no_class_are_refused(target: Array, words: str) -> None:
    with pytest.raises(ValueError, match=f"needs classes, but the targets are .*{words}"):
        labelled_classes(target, np.zeros((2, 3)))
