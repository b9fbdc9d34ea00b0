"""A run is described as far as its files go, whatever they hold."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from logger.comparison import table
from logger.comparison.better import more_is_better
from logger.comparison.run import Run
from logger.run_files import RunFiles
from tests.logger.comparison.making import made, record

RECORDS = [record(1, 0.9, 0.5), record(2, 0.5, 0.8), record(3, 0.4, 0.7)]


def test_a_run_without_a_summary_is_judged_by_its_config(tmp_path: Path) -> None:
    run = made(tmp_path, "a", RECORDS, test={"loss": 0.6, "accuracy": 0.65, "n_samples": 9})
    assert (run.monitor.best_epoch, run.monitor.best) == (2, pytest.approx(0.7))
    assert (run.name, run.run_id, run.state, run.epoch, run.epochs, run.seconds) == ("net", "a", "done", 3, 3, 3.0)
    assert run.figures == {
        "loss": 0.5, "accuracy": 0.8, "val_loss": 0.6, "val_accuracy": pytest.approx(0.7), "test_loss": 0.6,
        "test_accuracy": 0.65,
    }  # fmt: skip


@pytest.mark.parametrize(("monitor", "best"), [("min val_loss", 3), ("off", None), (None, 3), ("max nothing", None)])
def test_the_best_epoch_is_what_the_config_asks_for(tmp_path: Path, monitor: str | None, best: int | None) -> None:
    run = made(tmp_path, "a", RECORDS, trainer={"epochs": 3, "monitor": monitor})
    assert run.monitor.best_epoch == best
    assert run.figures["loss"] == 0.4


def test_an_unfinished_run_is_stopped_running_or_killed(tmp_path: Path) -> None:
    run = made(tmp_path, "a", RECORDS[:2])
    assert run.state == "stopped"
    assert Run(run.files, training=True).state == "running"
    summary = {
        "name": "net", "run_id": "a", "state": "running", "epoch": 2, "epochs": 3, "steps_per_epoch": 10, "mode": "max",
        "figure": "val_accuracy", "best": None, "samples": {}, "input_shape": [2], "classes": None, "layers": [],
    }  # fmt: skip
    (run.files.log / "summary.json").write_text(json.dumps(summary))
    assert Run(RunFiles(run.files.models, run.files.log)).state == "killed"


def test_a_run_began_when_its_environment_says(tmp_path: Path) -> None:
    run = made(tmp_path, "a", RECORDS)
    (run.files.log / "environment.json").write_text('{"started": "2026-01-02T03:04:05+00:00"}')
    assert run.started == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("name", ["config.json", "metrics.jsonl", "summary.json", "test.json", "environment.json"])
@pytest.mark.parametrize(
    "content",
    [
        *(None, b"", b"\xff\x00", b"[" * 100_000, b"[1]\n", b"{}\n"),
        b'{"epoch": "x", "trainer": 3, "started": 1}\n',
        b'{"loss": 1' + b"0" * 400 + b', "epoch": 1e999}\n',
    ],
)
def test_no_file_can_keep_a_run_from_being_shown(tmp_path: Path, name: str, content: bytes | None) -> None:
    run = made(tmp_path, "a", RECORDS, test={"loss": 0.5})
    path = (run.files.models if name == "config.json" else run.files.log) / name
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()  # cannot be read
    else:
        path.write_bytes(content)
    assert isinstance(run.name, str)
    assert run.state in ("done", "stopped")
    assert run.epoch in (0, 3)
    assert run.epochs in (3, None)
    assert run.seconds in (3.0, None)
    assert run.started is not None
    assert all(isinstance(value, float) for value in run.figures.values())


def test_epochs_of_another_kind_are_passed_over(tmp_path: Path) -> None:
    odd = [{"loss": 1}, {"epoch": None}, {"epoch": 4, "val_accuracy": "?", "seconds": None}]
    run = made(tmp_path, "a", [*RECORDS, *odd])
    assert run.epoch == 4
    assert run.monitor.best_epoch == 2
    assert run.seconds == 3.0


def test_what_is_better_is_known_from_the_runs_or_the_name(tmp_path: Path) -> None:
    run = made(tmp_path, "a", RECORDS, trainer={"monitor": "min val_distance"})
    assert not more_is_better("val_distance", [run])
    assert not more_is_better("distance", [run])
    assert more_is_better("val_accuracy", [run])
    assert not more_is_better("val_loss", [])
    assert not more_is_better("mean_squared_error", [])
    assert not more_is_better("val_root_mean_squared_error", [])
    assert more_is_better("val_r2", [])
    assert more_is_better("f1", [])


def test_a_test_score_of_another_epoch_than_the_best_says_of_which(tmp_path: Path) -> None:
    scored = {"accuracy": 0.65, "checkpoint": "last.npz", "time": "2026-11-27T09:00:00+00:00"}
    best = made(tmp_path, "a", RECORDS, test=scored | {"epoch": 2, "checkpoint": "best.npz"})
    last = made(tmp_path, "b", RECORDS, test=scored | {"epoch": 3})
    unknown = made(tmp_path, "c", RECORDS, test={"accuracy": 0.65})
    cells = [table.tested_columns([run], None)[0].cells for run in (best, last, unknown)]
    assert cells == [["0.6500"], ["0.6500 (epoch 3)"], ["0.6500 (epoch ?)"]]
    told = {column.title: column.cells for column in table.details([best, last, unknown])}
    assert told["tested"] == ["best.npz, epoch 2", "last.npz, epoch 3", "-"]
    assert told["tested on"] == ["2026-11-27 09:00", "2026-11-27 09:00", "-"]
    assert "test_epoch" not in best.figures
