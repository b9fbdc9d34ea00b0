"""test.py and continued runs read data as the checkpoint's were read, and say or refuse where they are others."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from base.errors import ConfigError, DataError, UserError
from tests.running import PROJECT, Config, go_on, meta, run
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.resume import plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.checks.check import check
from trainer.score import score

IRIS = (PROJECT / "data/iris/iris.csv").read_text(encoding="utf-8")
MORE = "5.05,3.45,1.55,0.25,setosa\n"

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


def table_config(**loader: Any) -> Config:
    """A config that learns iris.csv of the current folder."""
    args = {"path": "iris.csv", "target": "species", "normalize": "standardize", "batch_size": 16} | loader
    return {
        "name": "iris", "seed": 3, "arch": {"type": "MLP", "args": {"layer_sizes": [4, 16, 3]}},
        "data_loader": {"type": "CsvDataLoader", "args": args}, "loss": "CrossEntropyLoss", "metrics": ["accuracy"],
        "optimizer": {"type": "Adam", "args": {"lr": 0.01}},
        "trainer": {"epochs": 3, "verbosity": 0, "threads": 1, "report": False},
    }  # fmt: skip


def write(text: str, name: str = "iris.csv") -> None:
    Path(name).write_text(text, encoding="utf-8")


def scored(folder: RunFolder, *changes: str, config: str | None = None) -> dict[str, Any]:
    """The result of test.py, without what tells the time."""
    score(config, str(folder.models), list(changes), tsne=False, verbosity=0)
    found: dict[str, Any] = json.loads((folder.log / "test.json").read_text(encoding="utf-8"))
    return found | {"time": ""}


def warned(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    return said.out + said.err


def moved_columns(text: str) -> str:
    return "\n".join(",".join(line.split(",")[::-1]) for line in text.splitlines()) + "\n"


def test_a_checkpoint_holds_classes_columns_statistics_and_the_split() -> None:
    write(IRIS)
    held = load_checkpoint(run(table_config(validation_split=0.25)).last).state["data"]
    assert held["classes"] == ["setosa", "versicolor", "virginica"]
    assert [column["name"] for column in held["columns"]] == IRIS.splitlines()[0].split(",")[:4]
    assert held["split"] == {"training": 90, "validation": 30}
    assert sum(held["class_counts"]) == len(held["hashes"]) == 90
    assert held["offset"].shape == held["divisor"].shape == (4,)
    assert held["fingerprint"]["samples"] == 120


def test_the_score_of_a_test_file_needs_no_training_data_and_never_changes() -> None:
    write(IRIS)
    write(IRIS, "test.csv")
    folder = run(table_config(test_path="test.csv"))
    before = scored(folder)
    write(IRIS + "500,-300,999,200,setosa\n" * 50)
    assert scored(folder) == before
    Path("iris.csv").unlink()
    assert scored(folder) == before


def test_a_moved_column_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write(IRIS)
    write(IRIS, "test.csv")
    folder = run(table_config(test_path="test.csv"))
    before = scored(folder)
    write(moved_columns(IRIS), "test.csv")
    assert scored(folder) == before


def test_added_rows_are_told_with_test_samples_that_were_trained_on(capsys: pytest.CaptureFixture[str]) -> None:
    write(IRIS)
    folder = run(table_config())
    assert scored(folder)["n_samples"] == 30
    warned(capsys)
    write(IRIS + MORE)
    scored(folder)
    said = warned(capsys)
    assert "the training data are not those of the checkpoint: samples 121, was 120" in said
    assert "of the 30 test samples are training samples too, so the score may be too good" in said


def test_rows_that_were_changed_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    write(IRIS)
    folder = run(table_config())
    write(IRIS.replace("5.1,3.5,1.4,0.2", "5.2,3.5,1.4,0.2").replace("7.0,3.2,4.7,1.4", "9,9,9,9"))
    scored(folder)
    assert "the inputs differ" in warned(capsys)


def test_a_run_is_not_continued_on_other_samples(capsys: pytest.CaptureFixture[str]) -> None:
    write(IRIS)
    folder = run(table_config(validation_split=0.2))
    before = folder.last.read_bytes()
    write(IRIS + MORE)
    with pytest.raises(UserError, match=r"cannot be continued to the same bits, .* samples 121, was 120.*-c CONFIG -r"):
        go_on(folder.models, "trainer.epochs=5")
    assert folder.last.read_bytes() == before
    with pytest.raises(UserError, match="cannot be continued to the same bits"):
        check(plan(None, str(folder.last), ["trainer.epochs=5"]))


def test_a_new_run_from_it_says_what_differs_and_which_samples_are_no_longer_unseen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(IRIS)
    folder = run(table_config(validation_split=0.2))
    write(IRIS + MORE)
    run(table_config(validation_split=0.2), "trainer.epochs=5", run_id="more", resume=folder.last)
    said = warned(capsys)
    assert "data: the training data are not those of the checkpoint: samples 121, was 120" in said
    assert "validation samples are training samples too" in said


def test_a_new_run_keeps_statistics_unless_its_config_asks_for_others() -> None:
    write(IRIS)
    folder = run(table_config())
    write(IRIS + "500,-300,999,200,setosa\n" * 50)
    kept = run(table_config(), "trainer.epochs=4", run_id="kept", resume=folder.last)
    other = run(table_config(normalize="min_max"), "trainer.epochs=4", run_id="other", resume=folder.last)
    counts = [meta(one.last)["data"]["class_counts"][0] for one in (folder, kept)]
    assert counts[1] > counts[0]  # are of the samples that were trained on, as the fingerprint is
    offsets = [load_checkpoint(one.last).arrays["data/offset"] for one in (folder, kept, other)]
    assert np.array_equal(offsets[0], offsets[1])
    assert not np.array_equal(offsets[0], offsets[2])


def test_a_new_run_keeps_the_coding_of_columns_unless_its_config_asks_for_another() -> None:
    write(IRIS.replace("5.1,", ",", 9))
    folder = run(table_config(missing="mean"))
    write(IRIS.replace("5.1,", ",", 5))
    kept = run(table_config(missing="mean"), "trainer.epochs=4", run_id="kept", resume=folder.last)
    other = run(table_config(missing=0), "trainer.epochs=4", run_id="other", resume=folder.last)
    fills = [meta(one.last)["data"]["columns"][0]["fill"] for one in (folder, kept, other)]
    assert fills[0] == fills[1] != fills[2] == 0


def test_a_network_that_does_not_fit_is_told_with_what_was_left_out_of_the_data() -> None:
    write("\n".join(f"{number - 1 if number else ''},{row}" for number, row in enumerate(IRIS.splitlines())))
    config = table_config() | {"arch": {"type": "MLP", "args": {"layer_sizes": [5, 16, 3]}}}
    with pytest.raises(ConfigError, match=r"in_features 5.* has 4 .*\n  data: iris.csv: column 1 of 6 has no name"):
        run(config)


def image_folders(*names: str) -> None:
    for place, name in enumerate(names):
        for number in range(12):
            path = Path("images", name, f"{number}.png")
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = np.random.default_rng(100 * place + number).integers(0, 256, (8, 8, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(path)


@pytest.fixture
def images_run() -> RunFolder:
    """A run on two classes of images."""
    image_folders("cats", "dogs")
    config = table_config() | {"name": "images", "arch": {"type": "MLP", "args": {"layer_sizes": [192, 8, 2]}}}
    config["data_loader"] = {"type": "ImageFolderDataLoader", "args": {"data_dir": "images", "batch_size": 8}}
    return run(config)


@pytest.mark.parametrize("change", ["renamed", "added"])
def test_a_class_that_was_not_trained_on_is_refused(images_run: RunFolder, change: str) -> None:
    scored(images_run)
    if change == "renamed":
        Path("images/cats").rename("images/kittens")
    else:
        image_folders("cats", "dogs", "kittens")
    with pytest.raises(DataError, match="'kittens', which is none of the 2 classes that were trained on: cats, dogs"):
        scored(images_run)
    with pytest.raises(UserError, match=r"kittens"):
        go_on(images_run.models, "trainer.epochs=5")


def test_a_class_that_sorts_before_the_others_does_not_shift_them(images_run: RunFolder) -> None:
    before = scored(images_run)
    Path("images/ants").mkdir()
    assert scored(images_run) == before


def test_a_checkpoint_of_before_says_so_and_is_scored_with_the_data_of_now(capsys: pytest.CaptureFixture[str]) -> None:
    write(IRIS)
    folder = run(table_config())
    before = scored(folder)
    for path in (folder.best, folder.last):
        held = load_checkpoint(path)
        arrays = {name: array for name, array in held.arrays.items() if not name.startswith("data/")}
        Checkpoint(arrays, {key: value for key, value in held.meta.items() if key != "data"}).save(path)
    warned(capsys)
    assert scored(folder) == before
    assert "was written before checkpoints knew their data" in warned(capsys)
    check(plan(None, str(folder.last), ["trainer.epochs=4"]))
    assert "was written before checkpoints knew their data" in capsys.readouterr().out
    go_on(folder.models, "trainer.epochs=4", "trainer.verbosity=1")
    assert "was written before checkpoints knew their data" in capsys.readouterr().out
    assert "data" in meta(folder.last)


def test_data_are_chosen_by_the_config_and_read_as_the_checkpoint_says() -> None:
    write(IRIS)
    folder = run(table_config(test_split=0.2))
    write(IRIS.replace("species", "kind"), "other.csv")
    other = table_config(path="other.csv", target="kind", normalize=None)
    Path("other.json").write_text(json.dumps(other), encoding="utf-8")
    assert scored(folder, config="other.json") == scored(folder)


def test_checking_tells_of_samples_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    lines = IRIS.splitlines()
    write("\n".join([lines[0], *(line for line in lines[1::3] for _ in range(2))]) + "\n")
    Path("config.json").write_text(json.dumps(table_config(validation_split=0.25)), encoding="utf-8")
    check(plan("config.json", None, []))
    said = warned(capsys)
    assert "validation samples are training samples too" in said
    assert "test samples are training samples too" in said


def test_the_best_checkpoint_is_scored_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    write(IRIS)
    folder = run(table_config(validation_split=0.2), "trainer.epochs=8", "optimizer.args.lr=0.3")
    best = meta(folder.best)["epoch"]
    for wanted in (str(folder.models), "latest"):
        score(None, wanted, [], tsne=False)
        said = capsys.readouterr().out
        assert f"{folder.best}, epoch {best}, digest {load_checkpoint(folder.best).digest}" in said
        assert "the best checkpoint there; for another give its file with -r" in said
    held = json.loads((folder.log / "test.json").read_text(encoding="utf-8"))
    assert (held["checkpoint"], held["epoch"]) == ("best.npz", best)
    score(None, str(folder.last), [], tsne=False)
    held = json.loads((folder.log / "test.json").read_text(encoding="utf-8"))
    assert (held["checkpoint"], held["epoch"]) == ("last.npz", 8)
