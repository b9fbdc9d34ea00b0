"""predict.py predicts samples without labels as test.py scores them, names them, and names those it cannot read."""

import csv
import gzip
import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from base.errors import CheckpointError, DataError, UserError
from base.types import Array
from data_loader.unlabelled.problems import Problems
from tests.fake_mnist import TEST
from tests.running import PROJECT, Config, program, run
from trainer.checkpoints.run_folder import RunFolder
from trainer.prediction.main import predict
from trainer.predictor import Predictor
from trainer.score import score

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


@pytest.fixture
def folder(config: Config, here: Path) -> RunFolder:
    """A trained run."""
    return run(config)


NO_VALIDATION = "trainer.monitor=null"


@pytest.fixture
def images(fake_mnist: Path) -> Array:
    """The test images."""
    return stored(fake_mnist)


def stored(data: Path) -> Array:
    """The test images of a folder."""
    content = gzip.decompress((data / "t10k-images-idx3-ubyte.gz").read_bytes())
    return np.frombuffer(content, np.uint8, offset=16).reshape(TEST, 28, 28)


def lines(path: str | Path = "out.csv") -> list[dict[str, str]]:
    """The lines of a file of predictions."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(columns: str, *rows: str, name: str = "new.csv") -> str:
    """Write a CSV and return its name."""
    Path(name).write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return name


def test_every_kind_of_file_gives_the_predictions_of_test_py(
    folder: RunFolder, images: Array, fake_mnist: Path
) -> None:
    score(None, str(folder.models), [], tsne=False)
    expected = lines(folder.log / "predictions.csv")
    np.save("x.npy", images)
    np.savez("x.npz", anything=images[..., None].astype(np.float32))
    np.savez_compressed("two.npz", x=images.reshape(TEST, 784), y=np.zeros(3))
    np.savetxt("x.csv", images.reshape(TEST, -1), fmt="%d", delimiter=";")
    Path("images").mkdir()
    for number, image in enumerate(images):
        Image.fromarray(image).save(f"images/{number:03d}.png")
    Path("x-idx3-ubyte").write_bytes(gzip.decompress((fake_mnist / "t10k-images-idx3-ubyte.gz").read_bytes()))
    idx = str(fake_mnist / "t10k-images-idx3-ubyte.gz")
    for given, column in [
        ("x.npy", "index"), ("x.npz", "index"), (idx, "index"), ("x-idx3-ubyte", "index"),
        ("x.csv", "line"), ("images", "file"),
    ]:  # fmt: skip
        predict([str(folder.models)], [given], "out.csv")
        found = lines()
        assert [*found[0]] == [column, *(key for key in expected[0] if key not in ("index", "target"))]
        for one, other in zip(found, expected, strict=True):
            assert {key: one[key] for key in one if key != column} == {
                key: other[key] for key in [*one] if key != column
            }
    assert found[7]["file"] == str(Path("images", "007.png"))


def test_each_sample_is_named_by_file_and_row_where_there_are_several(folder: RunFolder, images: Array) -> None:
    np.save("x.npy", images[:2])
    Image.fromarray(images[2]).save("2.png")
    predict([str(folder.best)], ["2.png", "x.npy", "./2.png"], "out.csv")
    assert [(row["file"], row["row"]) for row in lines()] == [
        ("2.png", ""),
        ("x.npy", "0"),
        ("x.npy", "1"),
        ("./2.png", ""),
    ]


def test_few_are_printed_and_more_are_written_to_a_new_file(
    folder: RunFolder, images: Array, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save("few.npy", images[:3])
    np.save("many.npy", np.concatenate([images, images]))
    predict([str(folder.best)], ["few.npy"], None)
    shown = capsys.readouterr().out
    assert "index  prediction  probability" in shown
    assert not Path("predictions.csv").exists()
    predict([str(folder.best)], ["many.npy"], None)
    predict([str(folder.best)], ["many.npy"], None)
    assert len(lines("predictions.csv")) == len(lines("predictions-2.csv")) == 2 * TEST
    assert "written: predictions-2.csv" in capsys.readouterr().out


def test_what_cannot_be_read_is_named_at_the_end_and_the_rest_is_predicted(folder: RunFolder, images: Array) -> None:
    Path("new/inner").mkdir(parents=True)
    Image.fromarray(images[0]).save("new/a.png")
    Image.fromarray(images[1]).save("new/inner/b.png")
    Image.fromarray(images[1]).resize((20, 30)).save("new/inner/large.png")
    Path("new/broken.jpg").write_text("no image")
    Path("new/notes.txt").write_text("no image either")
    Path("new/.hidden.png").write_text("")
    bad = images[:3].astype(float)
    bad[1, 0, 0] = np.nan
    np.save("bad.npy", bad)
    ended = program("predict.py", "-r", folder.best, "new", "gone.png", "bad.npy", "-o", "out.csv", expect=2)
    assert "warning: new: passed over, as no images (1): notes.txt" in ended.stdout
    assert ended.stderr.startswith("error: 4 inputs cannot be used; the others are predicted (4):\n")
    for words in (
        "new/broken.jpg: cannot be read as an image",
        "new/inner/large.png: is 30 x 20 pixels, the network takes 28 x 28, and its config has no resize",
        "gone.png: there is no such file",
        "bad.npy: sample 1, counted from 0, holds nan or an infinity",
    ):
        assert words in ended.stderr
    assert [(row["file"], row["row"]) for row in lines()] == [
        ("new/a.png", ""), ("new/inner/b.png", ""), ("bad.npy", "0"), ("bad.npy", "2"),
    ]  # fmt: skip


def test_paths_come_from_standard_input(
    folder: RunFolder, images: Array, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a b.png", "é.png"):
        Image.fromarray(images[0]).save(name)
    np.save("x.npy", images[:1])
    given = "a b.png\n\né.png\r\nx.npy".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    predict([str(folder.best)], ["é.png", "-"], "out.csv")
    assert [row["file"] for row in lines()] == ["é.png", "a b.png", "é.png", "x.npy"]


def test_zero_bytes_in_standard_input_are_no_paths(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a.png\0b.png\0")))
    with pytest.raises(UserError, match="without -print0"):
        predict([str(folder.best)], ["-"], None)


def test_messages_on_tables_advise_what_can_be_done_about_them(config: Config, here: Path) -> None:
    rows = [f"{number % 7},5;{number % 5},5;{number % 2}" for number in range(40)]
    loader = {"type": "CsvDataLoader", "args": {"path": table("a;b;label", *rows), "target": "label", "decimal": ","}}
    arch = {"type": "MLP", "args": {"layer_sizes": [2, 4, 2]}}
    made = str(run({**config, "data_loader": loader, "arch": arch}, NO_VALIDATION).best)
    for content, words in (
        (b"a;b\n\xff;1\n", "line 2 is not text in the encoding utf-8; save the table in that"),
        ("a;b\n1;2\n".encode("utf-16-le"), "line 1 is not text in the encoding utf-8; save the table in that"),
        (b"1;1\n2;3\n", "but '1' is there twice$"),
        (b"x;b\n", "has no column 'a', which was trained on; it has x, b"),
    ):
        Path("new.csv").write_bytes(content)
        with pytest.raises(DataError, match=words):
            predict([made], ["new.csv"], None)


def test_decimal_commas_separate_no_columns(config: Config, here: Path) -> None:
    rows = [f"{number % 7},5;{number % 5},5;{number % 2}" for number in range(40)]
    args = {"path": table(*rows), "target": "2", "decimal": ",", "header": False}
    arch = {"type": "MLP", "args": {"layer_sizes": [2, 4, 2]}}
    made = run({**config, "data_loader": {"type": "CsvDataLoader", "args": args}, "arch": arch}, NO_VALIDATION)
    predict([str(made.best)], [table("1,5;2,5", "2,5;1,5")], "out.csv")
    assert len(lines()) == 2


def test_columns_are_found_by_name_and_coded_as_in_training(config: Config, here: Path) -> None:
    rows = [f"{number},{'red' if number % 3 else 'blue'},{number % 2},{number % 2}" for number in range(40)]
    training = table("size,colour,part,label", *rows, name="training.csv")
    loader = {
        "type": "CsvDataLoader",
        "args": {
            "path": training, "target": "label", "categories": {"colour": "one_hot", "part": "one_hot"},
            "missing": {"size": "mean"}, "normalize": "standardize",
        },
    }  # fmt: skip
    arch = {"type": "MLP", "args": {"layer_sizes": [5, 8, 2]}}
    made = run({**config, "data_loader": loader, "arch": arch}, NO_VALIDATION)
    Path(training).unlink()  # nothing of it is read
    new = table(
        "colour,more,part,size",
        "red,x,1.0,3",
        "green,x,0,",
        '"blue",x,1,4',
        "red,x,1,big",
        "red,x,,1",
        "red",
        "blue,x,0,9",
    )
    with pytest.raises(DataError) as error:
        predict([str(made.models)], [new], "out.csv")
    for words in (
        "3 inputs cannot be used; the others are predicted (4)",
        "new.csv: line 5, column 'size': expected a number, got 'big'",
        "new.csv: line 6, column 'part': the cell is empty",
        "new.csv: line 7 has 1 columns, the header 4",
    ):
        assert words in str(error.value)
    assert [row["line"] for row in lines()] == ["2", "3", "4", "8"]
    network = Predictor.load(made.best)
    ((dataset, _, _),) = [
        network.reader.read(block, lambda function, tasks: [*map(function, tasks)], Problems())
        for block in network.reader.blocks([new], Problems())
    ]
    inputs = dataset.inputs * 1.0
    assert inputs[:, 1:].tolist() == [[0, 1, 0, 1], [0, 0, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0]]
    columns = network.preprocessing.columns
    assert columns
    assert inputs[:, 0].tolist() == [3, columns[0].fill, 4, 9]


def test_numbers_are_predicted_as_numbers(config: Config, here: Path) -> None:
    rows = [f"{number},{2 * number},{3 * number}" for number in range(20)]
    loader = {
        "type": "CsvDataLoader",
        "args": {"path": table("x,y,z", *rows), "target": ["y", "z"], "task": "regression"},
    }
    arch = {"type": "MLP", "args": {"layer_sizes": [1, 4, 2]}}
    made = run(
        {**config, "data_loader": loader, "arch": arch, "loss": "MSELoss", "metrics": []},
        NO_VALIDATION,
        "optimizer.args.lr=0.001",
    )
    predict([str(made.best)], [table("x", "1", "2")], "out.csv")
    assert [*lines()[0]] == ["line", "prediction_0", "prediction_1"]
    found = Predictor.load(made.best).predict(np.array([[1], [2]]))
    assert [[float(row["prediction_0"]), float(row["prediction_1"])] for row in lines()] == found.tolist()
    with pytest.raises(ValueError, match="are numbers"):
        Predictor.load(made.best).predict_proba(np.array([[1]]))


def test_without_probabilities_there_are_outputs(config: Config, images: Array) -> None:
    made = run({**config, "loss": "MSELoss"})
    np.save("x.npy", images[:2])
    predict([str(made.best)], ["x.npy"], "out.csv")
    assert [*lines()[0]] == ["index", "prediction", *(f"output_{number}" for number in range(10))]
    with pytest.raises(CheckpointError, match="no probabilities of which a mean"):
        predict([str(made.best), str(made.last)], ["x.npy"], None)


def test_several_checkpoints_give_the_mean_of_their_probabilities(config: Config, images: Array) -> None:
    paths = [run(config, f"seed={seed}", run_id=f"run{seed}").best for seed in (1, 2)]
    np.save("x.npy", images)
    predict([str(path) for path in paths], ["x.npy"], "out.csv")
    mean = np.mean([Predictor.load(path).predict_proba(images) for path in paths], axis=0)
    found = np.array([[float(row[f"probability_{name}"]) for name in range(10)] for row in lines()])
    assert np.allclose(found, mean, rtol=1e-12)
    assert [int(row["prediction"]) for row in lines()] == mean.argmax(axis=1).tolist()


def test_networks_of_other_classes_do_not_answer_together(config: Config) -> None:
    one = run(config, run_id="one").best
    names = json.dumps([f"class {number}" for number in range(10)])
    other = run(config, f"data_loader.args.classes={names}", run_id="other").best
    with pytest.raises(CheckpointError, match=r"one has the classes 0, 1, .* but one has the classes class 0"):
        predict([str(one), str(other)], ["x.npy"], None)


def test_images_are_resized_as_the_config_says(config: Config, here: Path) -> None:
    generator = np.random.default_rng(0)
    for name in ("bright", "dark"):
        Path("photos", name).mkdir(parents=True)
        for number in range(6):
            shades = generator.integers(128, 256, (9, 12, 3)) - (128 if name == "dark" else 0)
            Image.fromarray(shades.astype(np.uint8)).save(f"photos/{name}/{number}.png")
    loader = {"type": "ImageFolderDataLoader", "args": {"data_dir": "photos", "resize": [8, 8], "test_split": 0.25}}
    arch = {"type": "MLP", "args": {"layer_sizes": [192, 4, 2]}}
    made = run({**config, "data_loader": loader, "arch": arch}, NO_VALIDATION)
    score(None, str(made.models), [], tsne=False)
    expected = {row["file"]: row for row in lines(made.log / "predictions.csv")}
    assert all(Path("photos", name).is_file() for name in expected)
    predict([str(made.models)], [str(Path("photos", name)) for name in expected], "out.csv")
    for row, (name, other) in zip(lines(), expected.items(), strict=True):
        assert row["file"] == str(Path("photos", name))
        assert row["probability_dark"] == other["probability_dark"]


def test_old_checkpoints_use_what_their_config_tells_or_say_what_is_missing(
    images: Array, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save("x.npy", images[:2])
    predict([str(PROJECT / "best.npz")], ["x.npy"], "out.csv")
    assert len(lines()) == 2


def test_an_output_that_is_an_input_or_a_folder_is_refused(folder: RunFolder, images: Array) -> None:
    np.save("x.npy", images)
    for output, words in (("./x.npy", "is read for the predictions"), (".", "is a folder")):
        with pytest.raises(UserError, match=words):
            predict([str(folder.best)], ["x.npy"], output)
    with pytest.raises(UserError, match="can be read once"):
        predict([str(folder.best)], ["-", "-"], None)


def test_a_table_without_rows_gives_a_file_without_lines(folder: RunFolder) -> None:
    columns = ",".join(f"p{number}" for number in range(784))
    predict([str(folder.best)], [table(columns)], "out/new.csv")
    assert lines("out/new.csv") == []
    with pytest.raises(DataError, match="3 inputs cannot be used:"):
        predict([str(folder.best)], [table(columns, *["x," + ",".join(["0"] * 783)] * 3)], "gone.csv")
    assert not Path("gone.csv").exists()


def test_the_first_lines_of_a_large_table_do_not_decide_and_blocks_follow_each_other(
    folder: RunFolder, images: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_loader.unlabelled.sample_reader.BLOCK_ROWS", 7)
    np.save("x.npy", images)
    np.savetxt("x.csv", images.reshape(TEST, -1), fmt="%d", delimiter=",")
    predict([str(folder.best)], ["x.npy"], "out.csv")
    assert [int(row["index"]) for row in lines()] == [*range(TEST)]
    found = [row["probability"] for row in lines()]
    assert found == [repr(float(one)) for one in Predictor.load(folder.best).predict_proba(images).max(axis=1)]
    predict([str(folder.best)], ["x.csv"], "out.csv")
    assert [int(row["line"]) for row in lines()] == [*range(1, TEST + 1)]
    assert [row["probability"] for row in lines()] == found


@pytest.mark.skipif(sys.platform != "linux", reason="file systems elsewhere refuse such names")
def test_names_that_are_no_text_are_written_as_they_are(
    folder: RunFolder, images: Array, capsys: pytest.CaptureFixture[str]
) -> None:
    name = os.fsdecode(b"\xff, $a$.png")
    Image.fromarray(images[0]).save("a.png")
    os.rename("a.png", name)
    predict([str(folder.best)], [name], "out.csv")
    assert b'"\xff, $a$.png",' in Path("out.csv").read_bytes()
    predict([str(folder.best)], [name], None)
    assert "\\udcff, $a$.png" in capsys.readouterr().out
    os.rename(name, "a\n\x1b.png")
    predict([str(folder.best)], ["a\n\x1b.png"], None)
    assert "a\\n\\x1b.png" in capsys.readouterr().out
