"""Labels become indices, in an order that one can tell beforehand."""

import numpy as np
import pytest

from base.errors import DataError
from base.types import Array
from data_loader.labels import read_labels


@pytest.mark.parametrize(
    ("targets", "labels", "indices"),
    [
        (np.array([3, 10, 3]), ["3", "10"], [0, 1, 0]),
        (np.array([-1, 1, -1]), ["-1", "1"], [0, 1, 0]),
        (np.array([2.0, 1.0]), ["1", "2"], [1, 0]),
        (np.array([True, False]), ["0", "1"], [1, 0]),
        (np.array(["10", "9"]), ["9", "10"], [1, 0]),
        (np.array(["dog", "cat", "dog"]), ["cat", "dog"], [1, 0, 1]),
        (np.array([[3], [10], [3]]), ["3", "10"], [0, 1, 0]),
        (np.array([["dog"], ["cat"]]), ["cat", "dog"], [1, 0]),
        (np.array([2, 1], ">i2"), ["1", "2"], [1, 0]),
    ],
    ids=["whole", "negative", "floats", "yes and no", "numbers as text", "text", "column", "texts", "big-endian"],
)
def test_the_labels_that_occur_are_the_classes(targets: Array, labels: list[str], indices: list[int]) -> None:
    found, classes, note = read_labels(targets, None, "y")
    assert (found.tolist(), classes, note) == (indices, labels, None)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float32"])
def test_one_hot_rows_are_classes_with_a_note(dtype: str) -> None:
    rows = np.eye(4)[[2, 0, 2]].astype(dtype)
    found, classes, note = read_labels(rows, None, "y.npy")
    assert (found.tolist(), classes) == ([2, 0, 2], ["0", "1", "2", "3"])
    assert note == "y.npy: one-hot rows of shape (3, 4) are read as 4 classes"
    assert read_labels(rows, ["a", "b", "c", "d"], "y")[:2][1] == ["a", "b", "c", "d"]
    with pytest.raises(DataError, match=r"^y: has rows for 4 classes, but classes names 2"):
        read_labels(rows, ["a", "b"], "y")


def test_named_classes_are_the_positions_of_numbers_and_the_texts_of_texts() -> None:
    names = ["c", "b", "a"]
    assert read_labels(np.array([2, 0]), names, "y")[0].tolist() == [2, 0]
    assert read_labels(np.array(["c", "a"]), names, "y")[0].tolist() == [0, 2]
    assert read_labels(np.array(["c", "a"]), names, "y")[1] == names


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (np.array([0.5, 1.0]), "whole numbers or texts; for numbers to predict set task"),
        (np.array([np.nan, 1.0]), "whole numbers or texts"),
        (np.array([np.inf, 1.0]), "whole numbers or texts"),
        (np.array([1e300, 1.0]), "whole numbers or texts"),
        (np.array([1j]), "found complex128"),
        (np.array([b"a"]), r"found \|S1"),
        (np.array(["a", ""]), "a label is empty"),
        (np.frombuffer(b"\xff\xff\xff\x7f", "<U1"), "no text of Unicode"),
        (np.array(["\ud800"]), "no text of Unicode"),
        (np.array([[0, 1], [1, 1]]), r"got shape \(2, 2\), and row 1, counted from 0, is not one-hot"),
        (np.array([[0, 0], [1, 0]]), "row 0, counted from 0, is not one-hot"),
        (np.array([[0, 1.0], [0.5, 0.5]]), "row 1, counted from 0, is not one-hot"),
        (np.array([[0, 1.0], [np.nan, 1]]), "row 1, counted from 0, is not one-hot"),
        (np.array([["a", "b"]]), r"got shape \(1, 2\), and they are <U1"),
        (np.zeros((2, 1, 1)), r"got shape \(2, 1, 1\)"),
        (np.zeros((2, 0)), r"got shape \(2, 0\)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_label_is_refused(targets: Array, words: str) -> None:
    with pytest.raises(DataError, match=f"^y: .*{words}"):
        read_labels(targets, None, "y")


def test_a_label_that_is_no_class_is_named() -> None:
    with pytest.raises(DataError, match=r"y: label '20' is none of the 20 classes 0, 1, .*9, \.\.\."):
        read_labels(np.array([0, 20]), [f"class {i}" for i in range(20)], "y")
    with pytest.raises(DataError, match="y: label 'c' is none of the 2 classes a, b"):
        read_labels(np.array(["a", "c"]), ["a", "b"], "y")
