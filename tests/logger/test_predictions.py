"""predictions.csv says what was asked, what was said, and how surely."""

from pathlib import Path

import numpy as np
import pytest

from base.errors import WriteError
from base.types import Array
from logger.predictions import PredictionColumns, prediction_table, sample_table, write_predictions


def written(columns: PredictionColumns, path: Path, *values: Array | None) -> list[str]:
    """The lines of a file of these targets, predictions and scores."""
    count = len(next(value for value in values if value is not None))
    assert write_predictions(path, columns, columns.rows([list(range(count))], *values)) == count
    return path.read_text().splitlines()


def test_classes_are_written_by_name_with_the_probability_of_each(tmp_path: Path) -> None:
    probabilities, names = np.array([[0.75, 0.25], [0.125, 0.875]]), np.array(["cat", "a, b"])
    columns = PredictionColumns(["line"], ("cat", "a, b"), True, 2, 1)
    assert written(columns, tmp_path / "p.csv", names[[0, 0]], names[[0, 1]], probabilities) == [
        'line,target,prediction,probability,probability_cat,"probability_a, b"',
        "0,cat,cat,0.75,0.75,0.25",
        '1,cat,"a, b",0.875,0.125,0.875',
    ]


def test_without_targets_there_is_no_such_column_and_a_row_may_name_file_and_row(tmp_path: Path) -> None:
    columns = PredictionColumns(["file", "row"], ("cat", "dog"), True, 1)
    rows = columns.rows([["x.npy"], ["7"]], None, np.array(["dog"]), np.array([[0.25, 0.75]]))
    write_predictions(tmp_path / "p.csv", columns, rows)
    lines = ["file,row,prediction,probability,probability_cat,probability_dog", "x.npy,7,dog,0.75,0.25,0.75"]
    assert (tmp_path / "p.csv").read_text().splitlines() == lines


def test_without_probabilities_there_are_outputs(tmp_path: Path) -> None:
    two, one = (PredictionColumns(["index"], ("cat", "dog"), False, outputs, 1) for outputs in (2, 1))
    lines = written(two, tmp_path / "p.csv", np.array(["dog"]), np.array(["cat"]), np.array([[2.0, -1.0]]))
    assert lines == ["index,target,prediction,output_cat,output_dog", "0,dog,cat,2.0,-1.0"]
    lines = written(one, tmp_path / "q.csv", np.array(["dog"]), np.array(["cat"]), np.array([[-1.5]]))
    assert lines == ["index,target,prediction,output", "0,dog,cat,-1.5"]


def test_numbers_have_a_column_each(tmp_path: Path) -> None:
    two, one = PredictionColumns(["index"], None, False, 2, 2), PredictionColumns(["index"], None, False, 1, 1)
    lines = written(two, tmp_path / "p.csv", np.array([[1.0, 2.0]]), np.array([[1.5, 2.5]]), None)
    assert lines == ["index,target_0,target_1,prediction_0,prediction_1", "0,1.0,2.0,1.5,2.5"]
    lines = written(one, tmp_path / "q.csv", np.array([1.0]), np.array([[1.5]]), None)
    assert lines == ["index,target,prediction", "0,1.0,1.5"]


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    columns = PredictionColumns(["index"], None, False, 1)
    with pytest.raises(WriteError, match=r"p\.csv"):
        write_predictions(tmp_path / "missing" / "p.csv", columns, [])
    (tmp_path / "p.csv").write_text("before")
    with pytest.raises(ZeroDivisionError):
        write_predictions(tmp_path / "p.csv", columns, ((1 // zero,) for zero in (1, 0)))
    assert (tmp_path / "p.csv").read_text() == "before"


def test_the_console_shows_names_predictions_and_how_sure(tmp_path: Path) -> None:
    columns = PredictionColumns(["file"], ("cat", "dog"), True, 2)
    text = prediction_table(columns, [("a.png", "cat", 0.75, 0.75, 0.25), ("bb.png", "dog", 1.0, 0.0, 1.0)])
    assert text.splitlines() == [
        "  file  prediction  probability",
        " a.png  cat         0.7500",
        "bb.png  dog         1.0000",
    ]
    long = PredictionColumns(["file"], None, False, 30)
    lines = prediction_table(long, [("a.png", *(0.5 for _ in range(30)))]).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].startswith("a.png  0.5000")


def test_numbers_are_listed_without_a_mark_and_long_inputs_are_cut() -> None:
    inputs, targets, outputs = np.arange(12.0).reshape(2, 6), np.array([[1.0, 2.0], [3.0, 4.0]]), np.full((2, 2), 0.5)
    assert sample_table(["0", "1"], inputs, targets, outputs, None, None, "+-").splitlines() == [
        "sample  input        target  prediction",
        "     0  0 1 2 3 ...  1 2     0.5 0.5",
        "     1  6 7 8 9 ...  3 4     0.5 0.5",
    ]
