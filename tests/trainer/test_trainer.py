"""Training from end to end: what a run leaves, and what its result depends on."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from base.errors import NonFiniteError
from tests.running import Config, arrays, meta, records, run, tree
from trainer.checkpoints.run_folder import RunFolder
from trainer.trainer import Trainer

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

LOGS = ("run.log", "metrics.jsonl", "metrics.csv", "steps.csv", "summary.json", "environment.json")
STILL = "optimizer.args.lr=1e-300"  # weights stay as they are
PLATEAU = ("optimizer.args.lr=1e-300", "trainer.monitor=max val_accuracy", "trainer.epochs=9")


def checkpoints(folder: RunFolder) -> set[str]:
    """The names of the checkpoints that a run left."""
    return {path.name for path in folder.models.glob("*.npz")}


def test_a_run_leaves_the_files_of_the_contract(config: Config) -> None:
    folder = run(config, "trainer.save_period=2")
    assert tree(Path("saved")).keys() == {
        *(f"models/tiny/run/{name}" for name in ("config.json", "last.npz", "best.npz", "epoch-0002.npz")),
        *(f"log/tiny/run/{name}" for name in LOGS),
    }
    assert json.loads((folder.models / "config.json").read_text()) == meta(folder.last)["config"]
    assert json.loads((folder.log / "environment.json").read_text())["seed"] == 5


def test_a_checkpoint_names_its_arrays_as_the_contract_says(config: Config) -> None:
    folder = run(config, "optimizer=Adam")
    names = {"linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"}
    sections = ("model", "optimizer/exp_avg", "optimizer/exp_avg_sq")
    expected = {f"{section}/{name}" for section in sections for name in names}
    assert arrays(folder.last).keys() == expected | {"data/hashes"}
    held = meta(folder.last)
    assert (held["format_version"], held["epoch"], held["step"], held["history_lines"]) == (1, 2, 16, 2)
    assert held["optimizer"] == {"type": "Adam", "steps": 16}
    assert held["monitor"] == {"best": records(folder)[1]["val_loss"], "best_epoch": 2, "stale": 0}
    assert "numpy" in held["versions"]
    assert held["blas_kernel"]


def test_the_history_has_a_line_an_epoch_with_figures_in_order(config: Config) -> None:
    changes = ("trainer.log_test=true", 'metrics=["accuracy", "top_k_accuracy"]', "regularizer.type=L2")
    folder = run(config, *changes, "regularizer.args.weight=0.01")
    first, second = records(folder)
    names = ["loss", "accuracy", "top_k_accuracy"]
    expected = ["epoch", "step", *names, "penalty", *(f"{part}_{name}" for part in ("val", "test") for name in names)]
    assert [*first] == [*second] == [*expected, "lr", "seconds"]
    assert [(record["epoch"], record["step"]) for record in (first, second)] == [(1, 8), (2, 16)]
    rows = csv.DictReader((folder.log / "metrics.csv").read_text().splitlines())
    assert [{name: float(value) for name, value in row.items()} for row in rows] == [first, second]


def test_the_test_data_are_scored_only_when_asked_for(config: Config) -> None:
    logged = records(run(config, "trainer.log_test=true", run_id="logged"))
    quiet = records(run(config, run_id="quiet"))
    assert all("test_loss" in record for record in logged)
    assert not any("test_loss" in record for record in quiet)
    assert [record["val_loss"] for record in logged] == [record["val_loss"] for record in quiet]


@pytest.mark.parametrize("save_period", ["null", "3", "100"])
def test_the_best_epoch_is_kept_whatever_the_save_period(config: Config, save_period: str) -> None:
    changes = ("trainer.epochs=8", "optimizer.args.lr=0.6", "trainer.monitor=max val_loss")
    folder = run(config, *changes, f"trainer.save_period={save_period}")
    losses = [record["val_loss"] for record in records(folder)]
    assert losses.index(max(losses)) < 7, "the best epoch should not be the last, or this says nothing"
    assert meta(folder.best)["epoch"] == losses.index(max(losses)) + 1
    assert meta(folder.best)["monitor"]["best"] == max(losses)
    assert meta(folder.last)["epoch"] == 8


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ((), set()),
        (("trainer.save_period=2",), {"epoch-0002.npz", "epoch-0004.npz"}),
        (("trainer.save_period=1", "trainer.keep_last=2"), {"epoch-0004.npz", "epoch-0005.npz"}),
    ],
    ids=["none", "every second", "newest two"],
)
def test_numbered_checkpoints_are_kept_as_the_config_says(config: Config, changes: tuple[str], kept: set[str]) -> None:
    folder = run(config, "trainer.epochs=5", *changes)
    assert checkpoints(folder) == {"last.npz", "best.npz"} | kept
    assert all(meta(folder.models / name)["epoch"] == int(name[6:10]) for name in kept)


def test_the_newest_checkpoint_is_written_after_the_best_one(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(
        "trainer.checkpoints.checkpoint.Checkpoint.save", lambda _, path, *__: written.append(path.name)
    )
    run(config, "trainer.epochs=1", "trainer.save_period=1")
    assert written == ["epoch-0001.npz", "best.npz", "last.npz"]  # else a run stopped between them loses its best


def test_training_stops_after_as_many_epochs_without_improvement_as_patience_says(config: Config) -> None:
    folder = run(config, *PLATEAU, "trainer.early_stop=3")
    assert len(records(folder)) == 4
    assert meta(folder.best)["epoch"] == 1, "a tie is no improvement"
    assert meta(folder.last)["monitor"]["stale"] == 3


def test_without_a_monitor_nothing_is_best_and_nothing_stops_early(config: Config) -> None:
    folder = run(config, *PLATEAU, "trainer.early_stop=3", "trainer.monitor=off")
    assert len(records(folder)) == 9
    assert checkpoints(folder) == {"last.npz"}


def test_unless_said_otherwise_the_validation_loss_says_what_is_best(config: Config) -> None:
    folder = run(config, "trainer.monitor=null")
    assert meta(folder.last)["monitor"]["best"] == min(record["val_loss"] for record in records(folder))


def test_without_validation_data_the_training_loss_says_what_is_best(config: Config) -> None:
    folder = run(config, "data_loader.args.validation_split=0", "trainer.monitor=null")
    assert [*records(folder)[0]] == ["epoch", "step", "loss", "accuracy", "lr", "seconds"]
    assert records(folder)[0]["step"] == 10, "all 300 samples are trained on"
    assert meta(folder.best)["monitor"]["best"] == records(folder)[1]["loss"]


@pytest.mark.parametrize(("verbosity", "printed"), [(0, False), (1, True)])
def test_a_quiet_run_prints_nothing_and_logs_all_the_same(
    config: Config, capfd: pytest.CaptureFixture[str], verbosity: int, printed: bool
) -> None:
    folder = run(config, f"trainer.verbosity={verbosity}")
    out, err = capfd.readouterr()
    assert ("epoch 2/2" in out, bool(out), err) == (printed, printed, "")
    assert "epoch 2/2" in (folder.log / "run.log").read_text()


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_the_checkpoint_before(config: Config) -> None:
    folder = RunFolder(Path("saved"), "tiny", "run")
    scheduler = 'lr_scheduler={"type": "MultiStepLR", "args": {"milestones": [10], "gamma": 1e30, "interval": "step"}}'
    with pytest.raises(NonFiniteError, match=r"the loss became infinite or not a number in step [45] of epoch 2, "):
        run(config, scheduler)
    assert meta(folder.last)["epoch"] == 1
    assert all(np.isfinite(array).all() for array in arrays(folder.last).values())


def test_a_constructor_reads_and_writes_nothing(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, bytes]] = []
    init = Trainer.__init__

    def watch(trainer: Trainer, *args: object) -> None:
        before = tree(Path())
        init(trainer, *args)  # type: ignore[arg-type]
        made.append(before)
        assert tree(Path()) == before

    monkeypatch.setattr(Trainer, "__init__", watch)
    run(config, "trainer.epochs=1")
    assert len(made) == 1
