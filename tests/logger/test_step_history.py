"""steps.csv holds each step once, whatever stopped the run."""

import math
from pathlib import Path

import pytest

from base.errors import WriteError
from logger.step_history import StepHistory, read_steps


def row(step: int, **more: float) -> dict[str, float]:
    return {"step": step, "loss": step / 10, "lr": 0.1, "grad_norm": 1.0, **more}


def filled(folder: Path, steps: int, *columns: str) -> StepHistory:
    history = StepHistory(folder, columns)
    for step in range(1, steps + 1):
        history.append(row(step))
    history.flush()
    return history


def test_what_is_flushed_is_read_back(tmp_path: Path) -> None:
    history = StepHistory(tmp_path, ["update/linear1"])
    history.append(row(1, **{"update/linear1": 0.25}))
    history.append(row(2))
    assert read_steps(history.path) == {}, "nothing is written before it must be"
    history.flush()
    found = read_steps(history.path)
    assert found["step"].tolist() == [1, 2]
    assert found["loss"].tolist() == [0.1, 0.2]
    assert found["update/linear1"][0] == 0.25
    assert math.isnan(found["update/linear1"][1])


def test_a_run_that_goes_on_drops_later_steps_and_half_a_line(tmp_path: Path) -> None:
    path = filled(tmp_path, 5).path
    whole = path.read_bytes()
    path.write_bytes(whole + b"6,0.6")
    again = StepHistory(tmp_path, steps=3)
    again.append(row(4))
    again.append(row(5))
    again.flush()
    assert path.read_bytes() == whole


def test_a_new_run_and_other_columns_begin_anew(tmp_path: Path) -> None:
    path = filled(tmp_path, 5).path
    StepHistory(tmp_path, ["update/conv1"], steps=5)
    assert path.read_text() == "step,loss,lr,grad_norm,update/conv1\n"


def test_going_back_drops_what_waits_too(tmp_path: Path) -> None:
    history = filled(tmp_path, 5)
    history.append(row(6))
    history.cut(4)
    history.flush()
    assert read_steps(history.path)["step"].tolist() == [1, 2, 3, 4]


def test_many_rows_do_not_wait_in_memory(tmp_path: Path) -> None:
    history = StepHistory(tmp_path)
    for step in range(1, 5001):
        history.append(row(step))
    assert len(read_steps(history.path)["step"]) == 4096


def test_a_run_without_steps_has_none(tmp_path: Path) -> None:
    assert read_steps(tmp_path / "steps.csv") == {}


def test_a_file_that_cannot_be_written_is_a_write_error(tmp_path: Path) -> None:
    (tmp_path / "steps.csv").mkdir()
    with pytest.raises((WriteError, IsADirectoryError)):
        StepHistory(tmp_path)


def test_rows_that_are_damaged_are_left_out(tmp_path: Path) -> None:
    path = filled(tmp_path, 2).path
    path.write_bytes(path.read_bytes() + b"3,a,b,c\n4,0.4\n\xff\xff\n5,0.5,0.1,\n6,0.")
    assert read_steps(path)["step"].tolist() == [1, 2, 5]
