"""The history on disk is whole, valid, and the same whether or not a run was continued."""

import csv
import io
import json
import logging
import math
from pathlib import Path

import numpy as np
import pytest

from base.base_trainer import Record
from base.errors import WriteError
from logger.history import History, read_records


def record(epoch: int, **more: float) -> Record:
    return {"epoch": epoch, "step": epoch * 10, "loss": 1 / 3 / epoch, **more, "lr": 0.1, "seconds": 1.5}


def add(history: History, *records: Record) -> None:
    """Add epochs, and have them written."""
    for one in records:
        history.append(one)
    history.flush()


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "metrics.jsonl").read_bytes(), (folder / "metrics.csv").read_bytes()


def test_every_epoch_is_a_line_with_its_figures_in_order_and_to_the_last_bit(tmp_path: Path) -> None:
    history = History(tmp_path)
    add(history, record(1, accuracy=0.1))
    add(history, record(2, accuracy=0.2))
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert lines == history.records == [record(1, accuracy=0.1), record(2, accuracy=0.2)]
    assert list(lines[0]) == ["epoch", "step", "loss", "accuracy", "lr", "seconds"]
    assert [{name: float(text) for name, text in row.items()} for row in table(tmp_path)] == lines
    assert history.lines == 2


def test_counts_stay_integers_and_numpy_figures_become_numbers(tmp_path: Path) -> None:
    history = History(tmp_path)
    add(history, {"epoch": 1, "loss": np.float32(0.5)})  # type: ignore[dict-item]
    assert (tmp_path / "metrics.jsonl").read_text() == '{"epoch": 1, "loss": 0.5}\n'


def test_both_files_are_as_the_standard_library_writes_them(tmp_path: Path) -> None:
    odd = {'a "name", so 猫\n': -1.5e-310, "b": 1e22, "c": True, "d": math.inf, "e": -0.0, "f": 2**53}
    history = History(tmp_path)
    add(history, record(1, **odd))
    add(history, record(2, **odd), record(3, **odd))
    rows = [record(epoch, **odd) | {"c": 1, "d": None} for epoch in (1, 2, 3)]
    wanted = io.StringIO()
    csv.writer(wanted, lineterminator="\n").writerows([rows[0], *(row.values() for row in rows)])
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    assert contents(tmp_path) == (lines.encode(), wanted.getvalue().encode())
    assert read_records(tmp_path / "metrics.jsonl")[2]["c"] == 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_figures_that_are_not_finite_are_valid_json_and_nan_when_read(tmp_path: Path, value: float) -> None:
    history = History(tmp_path)
    add(history, {"epoch": 1, "loss": value})
    assert (tmp_path / "metrics.jsonl").read_text() == '{"epoch": 1, "loss": null}\n'
    assert table(tmp_path) == [{"epoch": "1", "loss": ""}]
    assert math.isnan(history.records[0]["loss"])
    assert math.isnan(read_records(tmp_path / "metrics.jsonl")[0]["loss"])


def test_continuing_drops_later_epochs_and_ends_in_the_same_bytes(tmp_path: Path) -> None:
    straight, continued = tmp_path / "a", tmp_path / "b"
    history = History(straight)
    for epoch in (1, 2, 3):
        add(history, record(epoch, accuracy=math.nan))
    stopped = History(continued)
    for epoch in (1, 2):
        add(stopped, record(epoch, accuracy=math.nan))
    add(stopped, record(9, accuracy=0.0))
    resumed = History(continued, lines=2)
    assert [one["epoch"] for one in resumed.records] == [1, 2]
    add(resumed, record(3, accuracy=math.nan))
    assert contents(continued) == contents(straight)


@pytest.mark.parametrize("torn", [b'{"epoch": 2, "lo', b'{"epoch": 2, "loss": 0.5}', b"\x00\x00\x00\n"])
def test_half_a_line_left_by_a_crash_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    add(History(tmp_path), record(1))
    with (tmp_path / "metrics.jsonl").open("ab") as file:
        file.write(torn)
    assert read_records(tmp_path / "metrics.jsonl") == [record(1)]
    history = History(tmp_path, lines=1)
    add(history, record(2))
    assert read_records(tmp_path / "metrics.jsonl") == [record(1), record(2)]


def test_a_history_shorter_than_the_checkpoint_goes_on_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add(History(tmp_path), record(1))
    with caplog.at_level(logging.WARNING):
        history = History(tmp_path, lines=5)
    assert "should hold 5 epochs, has 1" in caplog.text
    add(history, record(6))
    assert [one["epoch"] for one in read_records(tmp_path / "metrics.jsonl")] == [1, 6]


def test_a_new_history_replaces_one_that_was_there(tmp_path: Path) -> None:
    add(History(tmp_path), record(1))
    assert History(tmp_path).records == []
    assert contents(tmp_path) == (b"", b"")


def test_the_table_has_a_column_for_every_figure_when_metrics_change(tmp_path: Path) -> None:
    add(History(tmp_path), record(1, accuracy=0.5))
    history = History(tmp_path, lines=1)
    add(history, record(2, f1=0.25))
    add(history, record(3))
    assert [(row["accuracy"], row["f1"]) for row in table(tmp_path)] == [("0.5", ""), ("", "0.25"), ("", "")]
    assert list(table(tmp_path)[0])[-1] == "f1"


def test_no_history_reads_as_no_epochs(tmp_path: Path) -> None:
    assert read_records(tmp_path / "metrics.jsonl") == []


@pytest.mark.parametrize("name", ["metrics.jsonl", "metrics.csv"])
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    history = History(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    with pytest.raises(WriteError, match=name):
        add(history, record(1))
