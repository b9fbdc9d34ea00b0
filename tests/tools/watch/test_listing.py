"""The list of runs is what their files say, and changes as these do."""

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.logger.comparison.making import made, record
from tests.tools.watch.making import made_run, made_search, say, training
from tools.watch import listing as module
from tools.watch.listing import Listing
from tools.watch.row import Row, about, sparkline


def rows(listing: Listing) -> dict[str, Row]:
    """All runs by id."""
    return {row["run"]: row for row in listing.changes(0)["runs"]}


def test_a_run_is_shown_with_its_figures(tmp_path: Path) -> None:
    test = {"accuracy": 0.75, "loss": 0.5, "epoch": 2}
    config = {"arch": "MLP", "optimizer": {"type": "SGD", "args": {"lr": 0.123456789}}, "seed": 3}
    made_run(tmp_path, "one", 2, test=test, **config)
    row = rows(Listing(tmp_path))["one"]
    assert row.pop("started") == pytest.approx(time.time(), abs=60)
    assert row == {
        "id": "log/net/one", "name": "net", "run": "one", "search": None, "state": "done", "epoch": 2, "epochs": 3,
        "metric": "val_accuracy", "mode": "max", "best": 0.42, "at": 2, "tested": "accuracy", "test": 0.75,
        "points": [(1, 0.41), (2, 0.42)], "seconds": 1.5, "about": "MLP, SGD, lr 0.12346, seed 3",
    }  # fmt: skip


def test_what_is_not_finite_is_none_and_a_run_without_epochs_has_no_figures(tmp_path: Path) -> None:
    made(tmp_path, "nan", [record(1, 1.0, 0.5), record(2, 1.0, 0.5) | {"val_accuracy": None}])
    made(tmp_path, "new", [])
    found = rows(Listing(tmp_path))
    assert [value for _, value in found["nan"]["points"]] == [0.4, None]
    assert (found["new"]["best"], found["new"]["points"], found["new"]["epoch"]) == (None, [], 0)


def test_a_long_curve_has_few_points_and_keeps_its_spike() -> None:
    points = sparkline([(epoch, 9.0 if epoch == 777 else 1.0) for epoch in range(1, 2001)])
    assert len(points) <= 90
    assert (777, 9.0) in points


def test_a_config_that_is_none_says_nothing() -> None:
    assert about({"arch": [], "optimizer": {"args": 3}, "data_loader": None}) == ""


@pytest.mark.skipif(os.name != "posix", reason="the lock is one of POSIX")
def test_started_killed_and_finished_runs_are_told_apart_at_once(tmp_path: Path) -> None:
    run, listing = made_run(tmp_path, "run", state=None), Listing(tmp_path)
    with training(run) as process:
        say(run, "running")
        assert rows(listing)["run"]["state"] == "running"
        process.kill()
        process.wait()
        assert rows(listing)["run"]["state"] == "killed"
    with training(run):
        assert rows(listing)["run"]["state"] == "running"
        say(run, "done", 3)
    assert rows(listing)["run"]["state"] == "done"


def test_only_what_is_new_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, _ = made_run(tmp_path, "a"), made_run(tmp_path, "b")
    monkeypatch.setattr(module, "_PAUSES", 0)
    listing = Listing(tmp_path)
    first = listing.changes(0)
    assert {row["run"] for row in first["runs"]} == {"a", "b"}
    assert listing.changes(first["version"])["runs"] == []
    with (run.files.log / "metrics.jsonl").open("a") as file:
        file.write('{"epoch": 3, "val_accuracy": 0.9, "loss": 0.1}\n')
    made_run(tmp_path, "c")
    second = listing.changes(first["version"])
    assert {row["run"]: row["epoch"] for row in second["runs"]} == {"a": 3, "c": 2}
    for folder in (run.files.log, run.files.models):
        shutil.rmtree(folder)
    third = listing.changes(second["version"])
    assert (third["gone"], third["runs"]) == (["log/net/a"], [])
    assert {row["run"] for row in listing.changes(0)["runs"]} == {"b", "c"}


def test_many_runs_are_read_in_several_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_READ", 0.0)
    for name in "abc":
        made_run(tmp_path, name)
    listing = Listing(tmp_path)
    answer = listing.changes(0)
    assert answer["more"]
    assert len(answer["runs"]) == 1
    listing.read()
    assert len(rows(listing)) == 3


def test_a_run_that_takes_long_to_read_is_read_less_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, listing = made_run(tmp_path, "long", 1, state="running"), Listing(tmp_path)
    monkeypatch.setattr(module, "_PAUSES", 1e9)
    listing.read()
    with (run.files.log / "metrics.jsonl").open("a") as file:
        file.write('{"epoch": 2, "loss": 0.1}\n')
    assert rows(listing)["long"]["epoch"] == 1
    monkeypatch.setattr(module, "is_trained_in", lambda models: True)
    assert (rows(listing)["long"]["epoch"], rows(listing)["long"]["state"]) == (2, "running")


@pytest.mark.skipif(os.name != "posix", reason="makes links")
def test_links_are_followed_within_the_folder_alone(tmp_path: Path) -> None:
    root = tmp_path / "saved"
    made_run(tmp_path / "elsewhere", "theirs")
    made_run(root, "ours")
    (root / "link").symlink_to(tmp_path / "elsewhere")
    (root / "circle").symlink_to(root)
    assert set(rows(Listing(root))) == {"ours"}


def test_folders_that_are_very_deep_are_not_entered(tmp_path: Path) -> None:
    made_run(tmp_path, "ours")
    tmp_path.joinpath(*["deep"] * 300).mkdir(parents=True)
    assert set(rows(Listing(tmp_path))) == {"ours"}


def test_a_search_is_shown_with_its_results(tmp_path: Path) -> None:
    made_search(tmp_path, state="done")
    made_run(tmp_path, "rates-0000-s1")
    listing = Listing(tmp_path)
    (search,) = listing.changes(0)["searches"]
    assert search == {
        "id": "search/rates", "name": "rates", "state": "done", "ended": {"done": 2, "pruned": 1}, "settings": 4,
        "metric": "val_accuracy", "mode": "max", "best": 0.875, "points": [(0, 0.75), (2, 0.875)],
    }  # fmt: skip
    assert rows(listing)["rates-0000-s1"]["search"] == "rates"


def test_a_search_runs_while_a_run_of_it_does_or_something_changes(tmp_path: Path) -> None:
    folder, run = made_search(tmp_path, state="running"), made_run(tmp_path, "rates-0001-s1", state="running")
    listing = Listing(tmp_path)

    def state() -> str:
        listing.read()
        return str(listing.changes(0)["searches"][0]["state"])

    assert state() == "running"
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    assert state() == "killed"
    with training(run):
        assert state() == "running"
    (folder / "state.json").unlink()
    assert state() == "ended"


def test_damaged_files_are_no_reason_to_end(tmp_path: Path) -> None:
    run = made_run(tmp_path, "run")
    (run.files.log / "summary.json").write_text("{")
    (run.files.log / "metrics.jsonl").write_bytes(b"\xff\n")
    (run.files.models / "config.json").write_text("[]")
    (made_search(tmp_path) / "results.csv").write_bytes(b"\xff,\0\n1\n")
    answer = Listing(tmp_path).changes(0)
    assert [row["run"] for row in answer["runs"]] == ["run"]
    assert answer["searches"][0]["ended"] == {}
