"""A run is found by any of its folders and files, and runs by a folder above them."""

from pathlib import Path

import pytest

from base.errors import UserError
from logger.run_files import RunFiles
from tests.logger.comparison.making import made, record
from trainer.checkpoints.find_runs import find_runs


@pytest.fixture
def run(here: Path) -> RunFiles:
    """The run saved/models/net/a."""
    return made(here / "saved", "a", [record(1, 0.5, 0.5)]).files


@pytest.mark.parametrize(
    "named",
    ["saved/models/net/a", "saved/log/net/a/", "saved/models/net/a/config.json", "saved/log/net/a/metrics.jsonl"],
)
def test_a_run_is_meant_by_its_folders_and_files(run: RunFiles, named: str) -> None:
    assert find_runs([named]) == ([run], True)


def test_a_run_is_found_from_within_its_folder(run: RunFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.log)
    assert find_runs(["."]) == ([run], True)


def test_a_run_named_twice_is_one(run: RunFiles) -> None:
    assert find_runs(["saved/models/net/a", "saved/log/net/a"]) == ([run], True)


@pytest.mark.parametrize("folder", ["saved", "saved/models", "saved/log/net", "."])
def test_all_runs_below_a_folder_are_found_once(run: RunFiles, here: Path, folder: str) -> None:
    other = made(here / "saved", "b", [record(1, 0.5, 0.5)]).files
    (here / "saved/log/net/test-1").mkdir()
    (here / "saved/log/net/test-1/test.json").write_text("{}")
    (here / "config.json").write_text("{}")
    assert find_runs([folder]) == ([run, other], False)


def test_a_run_without_models_or_without_logs_is_found(run: RunFiles) -> None:
    (run.models / "config.json").unlink()
    assert find_runs(["saved"])[0] == [run]
    run.models.rmdir()
    assert find_runs(["saved/log/net/a"])[0] == [run]


def test_a_log_folder_that_was_moved_is_a_run(run: RunFiles, here: Path) -> None:
    run.log.rename(here / "kept")
    assert find_runs(["kept"]) == ([RunFiles(here / "kept", here / "kept")], True)


def test_a_link_that_goes_round_is_followed_once(run: RunFiles, here: Path) -> None:
    (here / "saved" / "round").symlink_to(here / "saved", target_is_directory=True)
    assert find_runs(["saved"])[0] == [run]


def test_runs_behind_a_link_are_found(run: RunFiles, here: Path) -> None:
    (here / "saved/models").rename(here / "elsewhere")
    (here / "saved/models").symlink_to(here / "elsewhere", target_is_directory=True)
    assert find_runs(["saved/models/net/a"]) == ([run], True)
    assert find_runs(["saved"])[0] == [run]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("no", "no: there is no such run"), ("data", "data: holds no run"), ("a.txt", "is not in the folder of a run"),
        ("latest", "no run has a checkpoint"), ("x" * 5000, "File name too long"),
    ],
)  # fmt: skip
def test_what_is_no_run_is_refused(here: Path, named: str, words: str) -> None:
    (here / "data").mkdir()
    (here / "a.txt").touch()
    with pytest.raises(UserError, match=words):
        find_runs([named])
