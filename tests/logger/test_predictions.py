"""predictions.csv says what was asked, what was said, and how surely."""

from pathlib import Path

import numpy as np
import pytest

from base.errors import WriteError
from logger.predictions import sample_table, write_predictions


def test_classes_are_written_by_name_with_the_probability_of_the_prediction(tmp_path: Path) -> None:
    probabilities = np.array([[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]])
    path = tmp_path / "predictions.csv"
    write_predictions(path, np.array([0, 1, 0], np.uint8), np.array([0, 0, 1]), probabilities, ("cat", "a, b"))
    lines = ["index,target,prediction,probability", "0,cat,cat,0.75", '1,"a, b",cat,0.5', '2,cat,"a, b",0.875']
    assert path.read_text().splitlines() == lines


def test_without_probabilities_there_is_no_such_column(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.csv", np.array([1]), np.array([0]), None, ("cat", "dog"))
    assert (tmp_path / "p.csv").read_text() == "index,target,prediction\n0,dog,cat\n"


def test_numbers_have_a_column_each(tmp_path: Path) -> None:
    write_predictions(tmp_path / "p.csv", np.array([[1.0, 2.0]]), np.array([[1.5, 2.5]]), None, None)
    write_predictions(tmp_path / "q.csv", np.array([1.0]), np.array([[1.5]]), None, None)
    assert (tmp_path / "p.csv").read_text() == "index,target_0,target_1,prediction_0,prediction_1\n0,1.0,2.0,1.5,2.5\n"
    assert (tmp_path / "q.csv").read_text() == "index,target,prediction\n0,1.0,1.5\n"


def test_a_folder_that_is_missing_is_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"p\.csv"):
        write_predictions(tmp_path / "missing" / "p.csv", np.array([1]), np.array([0]), None, ("a", "b"))


def test_numbers_are_listed_without_a_mark_and_long_inputs_are_cut() -> None:
    inputs, targets, outputs = np.arange(12.0).reshape(2, 6), np.array([[1.0, 2.0], [3.0, 4.0]]), np.full((2, 2), 0.5)
    assert sample_table(inputs, targets, outputs, None, None, "+-").splitlines() == [
        "sample  input        target  prediction",
        "     0  0 1 2 3 ...  1 2     0.5 0.5",
        "     1  6 7 8 9 ...  3 4     0.5 0.5",
    ]
