"""test.py: the score is that of the checkpoint's network, and is written where the contract says."""

import csv
import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from base.errors import CheckpointError, ConfigError, DataError, UserError
from base.types import Array
from tests.fake_mnist import TEST
from tests.running import PROJECT, Config, arrays, program, records, run, tree, write_config
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.run_folder import RunFolder
from trainer.prediction.score_ensemble import score_all
from trainer.score import score

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


@pytest.fixture
def config(config: Config) -> Config:
    """The same, with a page."""
    config["trainer"]["report"] = True
    return config


@pytest.fixture
def folder(config: Config, here: Path) -> RunFolder:
    """A trained run."""
    return run(config)


def result(folder: Path) -> dict[str, Any]:
    """What test.json in a folder says."""
    found: dict[str, Any] = json.loads((folder / "test.json").read_text())
    return found


def by_hand(checkpoint: Path, data: Path) -> tuple[Array, Array]:
    """The classes' probabilities and the labels of the test data, computed from the arrays and files alone."""
    images, labels = (
        np.frombuffer(gzip.decompress((data / f"t10k-{name}-ubyte.gz").read_bytes()), np.uint8)
        for name in ("images-idx3", "labels-idx1")
    )
    weights = {name: array.astype(np.float64) for name, array in arrays(checkpoint).items()}
    x = images[16:].reshape(TEST, 784) / 255
    hidden = np.maximum(x @ weights["model/linear1.weight"] + weights["model/linear1.bias"], 0)
    powers = np.exp(hidden @ weights["model/linear2.weight"] + weights["model/linear2.bias"])
    return powers / powers.sum(axis=1, keepdims=True), labels[8:]


def test_the_numbers_agree_with_a_computation_by_hand(folder: RunFolder, fake_mnist: Path) -> None:
    score(None, str(folder.best), [], tsne=False)
    probabilities, labels = by_hand(folder.best, fake_mnist)
    right = probabilities.argmax(axis=1) == labels
    found = result(folder.log)
    assert found["loss"] == pytest.approx(-np.log(probabilities[np.arange(TEST), labels]).mean(), rel=1e-5)
    assert (found["accuracy"], found["n_samples"]) == (right.mean(), TEST)
    rows = [*csv.DictReader((folder.log / "predictions.csv").read_text().splitlines())]
    assert [int(row["index"]) for row in rows] == [*range(TEST)]
    assert [int(row["target"]) for row in rows] == labels.tolist()
    assert [int(row["prediction"]) for row in rows] == probabilities.argmax(axis=1).tolist()
    assert np.allclose([float(row["probability"]) for row in rows], probabilities.max(axis=1), rtol=1e-4)


def test_the_score_goes_into_the_log_folder_of_the_run_and_nothing_but_its_page_changes(folder: RunFolder) -> None:
    before = tree(Path())
    score(None, str(folder.models), [], tsne=False)
    after = tree(Path())
    log = str(folder.log)
    assert after.keys() - before.keys() == {f"{log}/test.json", f"{log}/predictions.csv"}
    page = f"{log}/report.html"
    assert after.pop(page) != before.pop(page), "the page shows the score"
    assert {name: after[name] for name in before} == before


def test_the_test_data_have_a_picture_where_the_config_chooses_it(folder: RunFolder, config: Config) -> None:
    for pictures in ('["curves"]', '["confusion"]', '"all"'):
        score(None, str(folder.models), [f"trainer.pictures={pictures}"], tsne=False)
        assert (folder.log / "confusion-test.png").is_file() == (pictures != '["curves"]')
        (folder.log / "confusion-test.png").unlink(missing_ok=True)
    lines = ["x,y", *(f"{i},{2 * i}" for i in range(40))]
    Path("table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = '{"type": "CsvDataLoader", "args": {"path": "table.csv", "target": "y", "task": "regression"}}'
    task = (f"data_loader={table}", "data_loader.args.test_split=10", "arch.args.layer_sizes=[1, 1]", "loss=MSELoss")
    numbers = run(config, *task, "metrics=[]", "trainer.monitor=off", "optimizer.args.lr=1e-5", run_id="numbers")
    score(None, str(numbers.last), ['trainer.pictures=["regression"]'], tsne=False)
    assert (numbers.log / "regression-test.png").read_bytes().startswith(b"\x89PNG")


def test_a_checkpoint_from_elsewhere_has_a_folder_of_its_own(folder: RunFolder) -> None:
    score(None, str(folder.last), [], tsne=False)
    shutil.copy(folder.last, "given.npz")
    score(None, "given.npz", [], tsne=False)
    own = [path for path in Path("saved/log/tiny").iterdir() if path.name != folder.run_id]
    assert len(own) == 1
    one, other = result(own[0]), result(folder.log)
    assert (one.pop("checkpoint"), other.pop("checkpoint")) == ("given.npz", "last.npz")
    assert one | {"time": ""} == other | {"time": ""}
    assert {path.name for path in own[0].iterdir()} == {"test.json", "predictions.csv"}
    assert not Path("saved/models/tiny", own[0].name).exists()


def test_metrics_of_the_config_are_scored(folder: RunFolder, fake_mnist: Path) -> None:
    score(None, str(folder.last), ['metrics=[{"type": "top_k_accuracy", "args": {"k": 2}}]'], tsne=False)
    probabilities, labels = by_hand(folder.last, fake_mnist)
    second = np.sort(probabilities, axis=1)[:, -2]
    assert result(folder.log)["top_k_accuracy"] == np.mean(probabilities[np.arange(TEST), labels] >= second)


def test_the_config_that_is_given_counts_before_the_checkpoints(folder: RunFolder, config: Config) -> None:
    score(None, "latest", [], tsne=False)
    cross_entropy = result(folder.log)["loss"]
    write_config({**config, "metrics": ["top_k_accuracy"], "loss": "MSELoss"})
    score("config.json", "latest", ["trainer.threads=2"], tsne=False)
    assert {"loss", "top_k_accuracy", "accuracy", "n_samples"} <= result(folder.log).keys()
    assert result(folder.log)["loss"] != cross_entropy
    score(None, "latest", ['metrics=["accuracy"]'], tsne=False)
    assert "top_k_accuracy" not in result(folder.log)


def test_the_confusion_matrix_is_written(folder: RunFolder, fake_mnist: Path) -> None:
    score(None, str(folder.last), [], tsne=False)
    probabilities, labels = by_hand(folder.last, fake_mnist)
    expected = confusion_matrix(labels, probabilities.argmax(axis=1), labels=range(10))
    assert result(folder.log)["confusion_matrix"] == expected.tolist()


def test_what_outputs_mean_is_up_to_the_loss(config: Config, here: Path) -> None:
    layers = ["Flatten", {"type": "Linear", "args": {"out_features": 10}}, "Softmax"]
    loss = {"type": "CrossEntropyLoss", "args": {"from_logits": False}}
    made = run({**config, "arch": {"type": "Sequential", "args": {"layers": layers}}, "loss": loss})
    score(None, str(made.last), [], tsne=False)
    rows = [*csv.DictReader((made.log / "predictions.csv").read_text().splitlines())]
    assert max(float(row["probability"]) for row in rows) > 0.5  # a second softmax would leave less than e/(e + 9)
    score(None, str(made.last), ["loss=MSELoss"], tsne=False)
    assert "probability" not in (made.log / "predictions.csv").read_text()


def test_neither_seed_nor_shards_nor_dropout_change_the_score(folder: RunFolder) -> None:
    score(None, str(folder.last), [], tsne=False)
    before = result(folder.log)
    score(None, str(folder.last), ["seed=99", "trainer.shards=3", "arch.args.dropout=0.9"], tsne=False)
    assert result(folder.log) | {"time": ""} == before | {"time": ""}


def test_every_sample_of_a_small_data_set_is_shown_with_a_tick(
    folder: RunFolder, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    score(None, str(folder.last), [], tsne=False)
    shown = capsys.readouterr().out.splitlines()
    rows = [*csv.DictReader((folder.log / "predictions.csv").read_text().splitlines())]
    start = next(number for number, line in enumerate(shown) if line.startswith("sample  input")) + 1
    for row, line in zip(rows, shown[start : start + TEST], strict=True):
        assert line.split()[0] == row["index"]
        assert line.split()[-1] == ("✓" if row["target"] == row["prediction"] else "✗")


def test_samples_of_a_larger_data_set_are_not_listed(
    folder: RunFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.score.FEW", TEST - 1)
    score(None, str(folder.last), [], tsne=False)
    assert "sample  input" not in capsys.readouterr().out


def test_test_data_are_normalized_as_the_training_data_were(config: Config, here: Path) -> None:
    config["data_loader"]["args"]["normalize"] = "standardize"
    made = run(config)
    score(None, str(made.last), [], tsne=False)
    one = result(made.log)["loss"]
    score(None, str(made.last), ["data_loader.args.normalize=null"], tsne=False)
    assert result(made.log)["loss"] == one  # statistics are the checkpoint's
    last = run(config, "trainer.log_test=true", run_id="logged")
    assert records(last)[-1]["test_loss"] == pytest.approx(one)


@pytest.mark.parametrize(
    ("resume", "changes", "kind", "words"),
    [
        (None, [], UserError, r"give a checkpoint with -r, which holds its config; for example: python test.py"),
        ("nowhere.npz", [], CheckpointError, "nowhere.npz: there is no such checkpoint"),
        ("latest", ["data_loader.args.data_dir=nowhere"], DataError, "there is no folder nowhere"),
        ("latest", ["arch.args.layer_sizes=[784, 8, 10]"], CheckpointError, r"linear1.bias: the model has \(8,\)"),
        ("latest", ["arch.args.layer_sizes=[784, 8]"], ConfigError, "10 classes"),
    ],
    ids=["no checkpoint", "missing checkpoint", "missing data", "other network", "other classes"],
)
def test_what_cannot_be_scored_is_refused_and_nothing_is_written(
    folder: RunFolder, resume: str | None, changes: list[str], kind: type[UserError], words: str
) -> None:
    before = tree(Path())
    with pytest.raises(kind, match=words):
        score(None, resume, changes, tsne=False)
    assert tree(Path()) == before


@pytest.mark.slow
def test_the_program_prints_the_score_and_draws_a_map(folder: RunFolder) -> None:
    done = program("test.py", "-r", "latest", "--tsne", "--set", "trainer.tsne.samples=50")
    assert done.stderr == ""
    assert f"accuracy {result(folder.log)['accuracy']:.4f}" in done.stdout
    assert (folder.log / "tsne-test.png").read_bytes().startswith(b"\x89PNG")
    assert len((folder.log / "tsne-test.csv").read_text().splitlines()) == 1 + 50


def test_the_program_ends_with_2_without_a_checkpoint() -> None:
    assert "error: give a checkpoint with -r" in program("test.py", "-c", "config.json", expect=2).stderr


@pytest.mark.slow
def test_the_real_data_are_learnt(here: Path) -> None:
    changes = (f"data_loader.args.data_dir={PROJECT / 'data/mnist'}", "trainer.epochs=1", "trainer.verbosity=0")
    config = json.loads((PROJECT / "config.json").read_text())
    real = run(config, *changes, "arch.args.layer_sizes=[784, 64, 10]")
    score(None, str(real.best), [], tsne=False)
    assert result(real.log)["n_samples"] == 10_000
    assert result(real.log)["accuracy"] > 0.9


def test_a_checkpoint_that_lacks_the_average_that_was_judged_is_refused(config: Config) -> None:
    folder = run(config, 'trainer.ema={"decay": 0.9}')
    held = load_checkpoint(folder.best)
    arrays = {name: array for name, array in held.arrays.items() if not name.startswith("ema/")}
    Checkpoint(arrays, held.meta).save(folder.best)
    with pytest.raises(CheckpointError, match=r"ema/linear1.bias: the model has \(16,\) float32, the checkpoint no"):
        score(None, str(folder.best), [], tsne=False)


def test_several_checkpoints_are_scored_alone_and_together(
    config: Config, here: Path, fake_mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [run(config, f"seed={seed}", "trainer.epochs=1", run_id=f"run{seed}") for seed in (1, 2)]
    score_all(None, [str(one.models) for one in runs], [], tsne=False)
    (folder,) = Path("saved/log/tiny").glob("ensemble-*")
    both = [by_hand(one.best, fake_mnist) for one in runs]
    mean, labels = np.mean([probabilities for probabilities, _ in both], axis=0), both[0][1]
    together = result(folder)
    assert together["accuracy"] == (mean.argmax(axis=1) == labels).mean()
    assert together["loss"] == pytest.approx(-np.log(mean[np.arange(TEST), labels]).mean(), rel=1e-5)
    assert together["checkpoints"] == [str(one.best) for one in runs]
    for one, (probabilities, _) in zip(runs, both, strict=True):
        assert result(one.log)["accuracy"] == (probabilities.argmax(axis=1) == labels).mean()
    rows = [*csv.DictReader((folder / "predictions.csv").read_text().splitlines())]
    assert np.allclose([[float(row[f"probability_{name}"]) for name in range(10)] for row in rows], mean, rtol=1e-4)
    assert "all 2 checkpoints together" in capsys.readouterr().out
    score_all(None, [str(one.models) for one in runs], [], tsne=False, verbosity=0)
    accuracies = [result(one.log)["accuracy"] for one in runs] + [together["accuracy"]]
    names = [str(one.best) for one in runs] + ["together"]
    for line, name, accuracy in zip(capsys.readouterr().out.splitlines(), names, accuracies, strict=True):
        assert line.startswith(f"{name}: loss ")
        assert f", accuracy {accuracy:.4f} (95 % interval " in line


@pytest.mark.parametrize("loss", ["BCEWithLogitsLoss", "BCELoss"])
def test_single_outputs_are_averaged_as_probabilities(config: Config, here: Path, loss: str) -> None:
    loader = {"type": "TwoDimensionalDataLoader", "args": {"task": "moons", "validation_split": 0.2}}
    layers = [{"type": "Linear", "args": {"out_features": 1}}, *(["Sigmoid"] if loss == "BCELoss" else [])]
    arch = {"type": "Sequential", "args": {"layers": layers}}
    made = {**config, "data_loader": loader, "arch": arch, "loss": loss, "metrics": ["binary_accuracy"]}
    runs = [run(made, f"seed={seed}", run_id=f"run{seed}") for seed in (1, 2)]
    score_all(None, [str(one.models) for one in runs], [], tsne=False)
    (folder,) = Path("saved/log/tiny").glob("ensemble-*")
    shares = []
    for log in (*(one.log for one in runs), folder):
        rows = csv.DictReader((log / "predictions.csv").read_text().splitlines())
        shares.append([float(row["probability_1"]) for row in rows])
    assert np.allclose(shares[2], np.mean(shares[:2], axis=0), rtol=1e-5)


def test_checkpoints_of_other_data_are_not_scored_together(config: Config, here: Path) -> None:
    one = run(config, run_id="one")
    names = json.dumps([f"class {number}" for number in range(10)])
    other = run(config, f"data_loader.args.classes={names}", run_id="other")
    with pytest.raises(CheckpointError, match="they have other classes or test data"):
        score_all(None, [str(one.models), str(other.models)], [], tsne=False)
    with pytest.raises(UserError, match="--tsne draws the layers of one network"):
        score_all(None, [str(one.models), str(other.models)], [], tsne=True)


def test_lines_of_a_table_and_files_of_images_name_samples(config: Config, here: Path) -> None:
    text = "x,label\n" + "".join(f"{number},{number % 2}\n{chr(10) * (number == 5)}" for number in range(20))
    Path("t.csv").write_text(text)
    loader = {"type": "CsvDataLoader", "args": {"path": "t.csv", "target": "label", "validation_split": 0.25}}
    arch = {"type": "MLP", "args": {"layer_sizes": [1, 4, 2]}}
    made = run({**config, "data_loader": loader, "arch": arch})
    score(None, str(made.models), [], tsne=False)
    held = text.splitlines()
    rows = [*csv.DictReader((made.log / "predictions.csv").read_text().splitlines())]
    assert [held[int(row["line"]) - 1].split(",")[1] for row in rows] == [row["target"] for row in rows]
