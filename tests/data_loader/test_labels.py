"""Labels become indices, in an order that one can tell beforehand."""

import numpy as np
import pytest

from base.errors import DataError
from base.types import Array
from data_loader.labels import class_indices, known_labels


@pytest.mark.parametrize(
    ("targets", "labels", "indices"),
    [
        (np.array([3, 10, 3]), ["3", "10"], [0, 1, 0]),
        (np.array([-1, 1, -1]), ["-1", "1"], [0, 1, 0]),
        (np.array([2.0, 1.0]), ["1", "2"], [1, 0]),
        (np.array([True, False]), ["0", "1"], [1, 0]),
        (np.array(["10", "9"]), ["9", "10"], [1, 0]),
        (np.array(["dog", "cat", "dog"]), ["cat", "dog"], [1, 0, 1]),
    ],
    ids=["whole", "negative", "whole floats", "yes and no", "numbers as text", "text"],
)
def test_the_labels_that_occur_are_the_classes(targets: Array, labels: list[str], indices: list[int]) -> None:
    found = known_labels(targets, None, "y")
    assert found == labels
    assert class_indices(targets, found, "y").tolist() == indices


def test_named_classes_are_the_positions_of_numbers_and_the_texts_of_texts() -> None:
    assert known_labels(np.array([2, 0]), ["a", "b", "c"], "y") == ["0", "1", "2"]
    assert known_labels(np.array(["c", "a"]), ["c", "b", "a"], "y") == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (np.array([0.5, 1.0]), "whole numbers or texts; for numbers to predict set task"),
        (np.array([np.nan, 1.0]), "whole numbers or texts"),
        (np.array([np.inf, 1.0]), "whole numbers or texts"),
        (np.array([1j]), "found complex128"),
        (np.array(["a", ""]), "a label is empty"),
    ],
    ids=["fraction", "nan", "infinity", "complex", "empty"],
)
def test_what_is_no_label_is_refused(targets: Array, words: str) -> None:
    with pytest.raises(DataError, match=f"^y: .*{words}"):
        known_labels(targets, None, "y")


def test_a_label_that_training_does_not_know_is_named() -> None:
    with pytest.raises(DataError, match=r"y: label '5' is none of the 20 classes 0, 1, .*10, \.\.\."):
        class_indices(np.array([0, 5]), [str(i) for i in range(21) if i != 5], "y")
