"""Every run has folders of its own."""

import json
import time
from pathlib import Path

import pytest

from base.errors import UserError, WriteError
from trainer.checkpoints.run_folder import RunFolder, new_run_folder, run_of


def test_runs_that_start_in_the_same_second_have_folders_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "strftime", lambda _: "20260102-030405")
    ids = [new_run_folder(tmp_path, "net", None).run_id for _ in range(3)]
    assert ids == ["20260102-030405", "20260102-030405-2", "20260102-030405-3"]


def test_the_folders_are_where_the_contract_says(tmp_path: Path) -> None:
    folder = new_run_folder(tmp_path, "net", "first")
    assert folder.models == tmp_path / "models/net/first"
    assert folder.log == tmp_path / "log/net/first"
    assert folder.models.is_dir()
    assert folder.log.is_dir()
    assert [path.name for path in (folder.last, folder.best, folder.numbered(7))] == [
        "last.npz", "best.npz", "epoch-0007.npz",
    ]  # fmt: skip


def test_a_run_id_that_is_taken_is_refused_with_what_to_do(tmp_path: Path) -> None:
    new_run_folder(tmp_path, "net", "first")
    with pytest.raises(UserError, match=r"--run-id: .*models/net/first exists; choose another id, or continue"):
        new_run_folder(tmp_path, "net", "first")
    assert new_run_folder(tmp_path, "other", "first").name == "other"


@pytest.mark.parametrize("run_id", ["", "a/b", "../up", ".hidden", "a b", "-r"])
def test_a_run_id_that_names_no_folder_is_refused_and_makes_none(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(UserError, match=r"--run-id: .* names a folder"):
        new_run_folder(tmp_path, "net", run_id)
    assert not [*tmp_path.iterdir()]


def test_folders_that_cannot_be_made_are_a_write_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"cannot write .*file/models/net"):
        new_run_folder(tmp_path / "file", "net", None)


def test_pruning_keeps_the_newest_by_number_and_nothing_but_numbered_checkpoints_goes(tmp_path: Path) -> None:
    folder = new_run_folder(tmp_path, "net", "first")
    for path in (folder.last, folder.best, *map(folder.numbered, (5, 90, 10000, 9999, 10))):
        path.touch()
    folder.prune(keep=2, newest=10000)
    assert {path.name for path in folder.models.iterdir()} == {
        "last.npz", "best.npz", "epoch-9999.npz", "epoch-10000.npz",
    }  # fmt: skip


def test_pruning_keeps_the_newest_of_a_run_that_went_on_from_before_damaged_ones(tmp_path: Path) -> None:
    folder = new_run_folder(tmp_path, "net", "first")
    for epoch in (7, 8, 9, 10):
        folder.numbered(epoch).touch()
    folder.prune(keep=1, newest=8)
    assert {path.name for path in folder.models.iterdir()} == {"epoch-0008.npz", "epoch-0009.npz", "epoch-0010.npz"}


def test_the_log_of_a_run_that_was_removed_is_never_written_over(tmp_path: Path) -> None:
    log = new_run_folder(tmp_path, "net", "first").log / "metrics.jsonl"
    log.write_text("{}\n")
    (tmp_path / "models/net/first").rmdir()
    with pytest.raises(UserError, match=r"--run-id: .*log/net/first is the log of a run that was removed"):
        new_run_folder(tmp_path, "net", "first")
    assert log.read_text() == "{}\n"
    assert not (tmp_path / "models/net/first").exists()


def test_the_run_of_a_checkpoint_is_found_from_its_place(here: Path) -> None:
    folder = new_run_folder(Path("saved"), "net", "first")
    folder.write_config({"name": "net"})
    assert json.loads((folder.models / "config.json").read_text()) == {"name": "net"}
    assert run_of(folder.last) == run_of(here / folder.best) == folder
    elsewhere = run_of(here / "saved/models/net/../net/first/last.npz")
    assert elsewhere == RunFolder(Path("saved"), "net", "first")


def test_a_run_outside_the_current_folder_is_named_in_full(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_run_folder(here / "saved", "net", "first")
    folder.write_config({})
    monkeypatch.chdir(folder.log)
    assert run_of(folder.last) == folder


def test_a_checkpoint_outside_the_folder_of_a_run_has_no_run(here: Path) -> None:
    folder = new_run_folder(Path("saved"), "net", "without-config")
    assert run_of(folder.last) is None
    assert run_of(here / "best.npz") is None


@pytest.mark.parametrize("target", ["models", "weights"])
def test_a_run_whose_models_are_linked_from_another_disk_has_its_logs_beside_the_link(here: Path, target: str) -> None:
    (here / "disk" / target / "net" / "run").mkdir(parents=True)
    (here / "disk" / target / "net" / "run" / "config.json").write_text("{}")
    (here / "saved").mkdir()
    (here / "saved" / "models").symlink_to(here / "disk" / target)
    assert run_of(Path("saved/models/net/run/last.npz")) == RunFolder(Path("saved"), "net", "run")


def test_a_link_to_a_checkpoint_is_of_its_run(here: Path) -> None:
    (here / "saved/models/net/run").mkdir(parents=True)
    for name in ("config.json", "best.npz"):
        (here / "saved/models/net/run" / name).write_text("")
    (here / "mine.npz").symlink_to("saved/models/net/run/best.npz")
    assert run_of(Path("mine.npz")) == RunFolder(Path("saved"), "net", "run")
