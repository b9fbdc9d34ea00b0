"""What -c and -r ask for, and what is refused."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from base.dataset import Dataset
from base.errors import AlreadyDone, CheckpointError, ConfigError, UserError
from base.types import Array
from tests.running import Config, arrays, go_on, meta, records, run, same_bits, tree, write_config
from trainer.checkpoints.resume import find_checkpoint, plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.parallel_model import ParallelModel, StepResult

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

NEW = RunFolder(Path("saved"), "tiny", "new")


def log(folder: RunFolder) -> str:
    """What a run wrote to its log."""
    return (folder.log / "run.log").read_text()


def test_neither_config_nor_checkpoint_is_refused_with_an_example() -> None:
    with pytest.raises(UserError, match=r"config with -c or a checkpoint with -r, such as: python train.py -c config"):
        plan(None, None, [])


def test_an_older_checkpoint_starts_a_new_run_and_leaves_the_old_one_untouched(config: Config) -> None:
    old = run(config, "trainer.epochs=3", "trainer.save_period=1", run_id="old")
    before = tree(Path("saved"))
    go_on(old.numbered(1), run_id="new")
    assert {name: content for name, content in tree(Path("saved")).items() if "/new/" not in name} == before
    assert [record["epoch"] for record in records(NEW)] == [2, 3]
    assert same_bits(arrays(NEW.last), arrays(old.last))
    assert "new run from saved/models/tiny/old/epoch-0001.npz, after epoch 1, as it is not the newest" in log(NEW)


def test_epochs_of_a_new_run_with_another_batch_size_are_passes_over_the_data(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = run(config, "trainer.epochs=1", "data_loader.args.batch_size=7", run_id="old")
    train_batch, seen = ParallelModel.train_batch, []

    def noted(parallel: ParallelModel, data: Dataset, samples: Array, *others: Any) -> StepResult:
        seen.extend(samples.tolist())
        return train_batch(parallel, data, samples, *others)

    monkeypatch.setattr(ParallelModel, "train_batch", noted)
    run(config, "trainer.epochs=2", run_id="new", resume=old.last)
    assert sorted(seen) == [*range(240)]


def test_a_checkpoint_outside_a_runs_folder_starts_a_new_run(config: Config) -> None:
    shutil.copy(run(config, run_id="old").last, "given.npz")
    before = tree(Path())
    go_on("given.npz", "trainer.epochs=3", run_id="new")
    assert {name: content for name, content in tree(Path()).items() if "/new/" not in name} == before
    assert [record["epoch"] for record in records(NEW)] == [3]
    assert meta(NEW.last)["history_lines"] == 1


def test_the_best_checkpoint_continues_in_place_only_while_it_is_the_newest(config: Config) -> None:
    folder = run(config)
    assert plan(None, str(folder.best), []).folder == folder
    stale = run(config, "trainer.monitor=max lr", run_id="stale")
    assert plan(None, str(stale.best), []).folder is None


@pytest.mark.parametrize("change", ["optimizer.args.lr=0.1", "seed=5", "trainer=1", "trainer.epoch=3", "name=other"])
def test_what_would_rewrite_a_runs_history_is_refused_with_what_to_do(config: Config, change: str) -> None:
    folder = run(config)
    key = change.partition("=")[0]
    with pytest.raises(UserError, match=rf"^{key}: .*rewrite its history.*python train.py -c CONFIG -r {folder.last}"):
        plan(None, str(folder.models), [change])


def test_a_finished_run_is_refused_with_what_to_do(config: Config) -> None:
    folder = run(config)
    before = tree(Path())
    with pytest.raises(AlreadyDone, match=r"last.npz: has done 2 of 2 epochs; to go on, ask for more with --epochs N"):
        go_on("latest")
    assert tree(Path()) == before
    assert folder.last.is_file()


def test_a_run_that_stopped_early_for_too_small_improvements_says_how_small(config: Config) -> None:
    folder = run(config, "trainer.early_stop=1", "trainer.min_delta=100", "trainer.epochs=5")
    assert len(records(folder)) == 2
    assert (
        "stopped early: val_loss has not improved by more than 100 for 1 epochs" in (folder.log / "run.log").read_text()
    )
    with pytest.raises(AlreadyDone, match=r"val_loss has not improved by more than 100 for 1 epochs; to go on"):
        go_on("latest")


def test_a_run_that_stopped_early_is_refused_with_what_to_do(config: Config) -> None:
    folder = run(config, "trainer.monitor=max lr", "trainer.early_stop=1", "trainer.epochs=5")
    before = tree(Path())
    with pytest.raises(AlreadyDone, match=r"lr has not improved for 1 epochs; .* trainer.early_stop: .* -c CONFIG -r"):
        go_on("latest", "trainer.epochs=9")
    assert tree(Path()) == before
    run(config, "trainer.epochs=9", run_id="new", resume=folder.last)
    assert records(NEW)[-1]["epoch"] == 9


def test_a_run_id_for_a_run_that_has_one_is_refused(config: Config) -> None:
    run(config)
    with pytest.raises(UserError, match=r"--run-id: -r .*last.npz alone continues run run in its own folder"):
        go_on("latest", "trainer.epochs=3", run_id="new")


def test_latest_is_the_run_written_last_of_the_configs_name_or_of_all(config: Config) -> None:
    first, second = run(config, run_id="z"), run(config, run_id="a")
    other = run({**config, "name": "other"}, run_id="b")
    for age, folder in enumerate((other, second, first)):
        os.utime(folder.last, (1e9 - age, 1e9 - age))
    assert find_checkpoint("latest", None) == other.last
    write_config(config)
    assert plan("config.json", "latest", []).path == second.last
    assert plan("config.json", "latest", ["name=other"]).path == other.last


@pytest.mark.parametrize("change", ["name=nothing", "trainer.save_dir=elsewhere"])
def test_latest_of_no_run_says_where_it_looked(config: Config, change: str) -> None:
    run(config)
    with pytest.raises(CheckpointError, match=r"^latest: no run has a checkpoint in (saved|elsewhere)/models/"):
        plan("config.json", "latest", [change])


def test_a_folder_means_its_newest_checkpoint(config: Config) -> None:
    folder = run(config, "trainer.save_period=1")
    assert find_checkpoint(str(folder.models), None) == folder.last
    folder.last.unlink()
    assert find_checkpoint(str(folder.models), None) == folder.numbered(2)
    folder.numbered(1).unlink()
    folder.numbered(2).unlink()
    assert find_checkpoint(str(folder.models), None) == folder.best
    folder.best.unlink()
    with pytest.raises(CheckpointError, match="holds no checkpoint; runs keep theirs in"):
        find_checkpoint(str(folder.models), None)


def test_a_missing_checkpoint_is_named(config: Config) -> None:
    with pytest.raises(CheckpointError, match=r"^nowhere.npz: there is no such checkpoint"):
        plan(None, "nowhere.npz", [])


def test_a_path_that_is_too_long_is_refused() -> None:
    with pytest.raises(CheckpointError, match=r"^a+: cannot be read: File name too long"):
        plan(None, "a" * 5000, [])


def test_a_checkpoint_with_a_config_that_is_wrong_now_is_refused_by_name(config: Config) -> None:
    folder = run(config)
    with pytest.raises(ConfigError, match=r"the config in .*last.npz: 1 mistake\n  trainer.epochs: expected"):
        plan(None, str(folder.last), ["trainer.epochs=0"])
