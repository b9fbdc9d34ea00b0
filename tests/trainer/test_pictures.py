"""Every run leaves the pictures that apply to it, and is not changed by them."""

import json
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from base.base_trainer import BaseTrainer
from base.errors import WriteError
from logger.mistake_images import read_mistake_images
from logger.pictures.mistakes import Caption
from logger.summary import read_summary
from tests.running import Config, arrays, go_on, records, run, same_bits
from trainer.checkpoints.run_folder import RunFolder
from trainer.inspection import decision_boundary, mistakes
from trainer.inspection import layers as inspected_layers
from trainer.reporting import pictures
from trainer.reporting.pictures import Pictures
from trainer.reporting.summary import SummaryFile

pytestmark = pytest.mark.usefixtures("here")

ALL = 'trainer.pictures="all"'
NONE = "trainer.pictures=[]"
FEW = "trainer.epochs=1"  # so that mistakes are left
CNN = 'arch={"type": "CNN", "args": {"channels": [2], "kernel_size": 3, "hidden_sizes": [4], "classes": 10}}'
PLANE = 'data_loader={"type": "TwoDimensionalDataLoader", "args": {"task": "xor", "validation_split": 0.2}}'


def drawn(folder: RunFolder) -> set[str]:
    """The pictures in a run's folder."""
    return {path.stem for path in folder.log.glob("*.png")}


def predictions(folder: RunFolder) -> dict[str, Any]:
    """A run's validation.json."""
    held: dict[str, Any] = json.loads((folder.log / "validation.json").read_text())
    return held


def test_a_run_leaves_all_pictures_that_apply_to_it(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run(config, ALL, FEW, "trainer.verbosity=1")
    assert drawn(folder) == {"curves", "steps", "dynamics", "confusion", "mistakes", "weights"}
    assert "\npictures curves, steps, dynamics, confusion, mistakes, weights\n" in capsys.readouterr().out
    assert "warning" not in (folder.log / "run.log").read_text()
    images, summary = read_mistake_images(folder.log / "mistakes.npz"), read_summary(folder.log)
    assert images is not None
    assert images.samples.tolist() == [one["sample"] for one in predictions(folder)["mistakes"]]
    assert images.gradients.shape[1:] == (28, 28)
    assert images.gradients.any()
    assert summary is not None
    assert [step.name for step in summary.flow] == ["flatten1", "linear1", "relu1", "linear2", "output"]
    assert summary.made is not None
    assert "mistakes.npz" in summary.made
    assert summary.memory is None or summary.memory > 2**20


def test_a_convolutional_network_shows_kernels_and_feature_maps(config: Config) -> None:
    assert drawn(run(config, CNN, 'trainer.pictures=["kernels", "feature_maps"]')) == {"kernels", "feature_maps"}


@pytest.mark.parametrize("outputs", [1, 2])
def test_data_in_the_plane_show_the_decision_boundary(config: Config, outputs: int) -> None:
    loss = "CrossEntropyLoss" if outputs == 2 else "MSELoss"
    sizes = f"arch.args.layer_sizes=[2, 4, {outputs}]"
    folder = run(config, PLANE, sizes, f"loss={loss}", "metrics=[]", 'trainer.pictures=["boundary"]')
    assert drawn(folder) == {"boundary"}


def test_pictures_can_be_chosen(config: Config) -> None:
    assert drawn(run(config, 'trainer.pictures=["steps", "boundary"]')) == {"steps"}
    assert drawn(run(config, NONE, run_id="none")) == set()


@pytest.mark.parametrize("average", [[], ['trainer.ema={"decay": 0.9}']], ids=["weights", "average"])
def test_validation_json_says_what_the_best_epoch_was_scored_with(config: Config, average: list[str]) -> None:
    folder = run(config, NONE, "trainer.monitor=max val_loss", *average)
    best = max(records(folder), key=lambda record: record["val_loss"])
    assert best["epoch"] == 1
    held = predictions(folder)
    counts = np.array(held["confusion_matrix"])
    assert (held["epoch"], held["data"], held["n_samples"]) == (best["epoch"], "validation", 60)
    assert held["loss"] == pytest.approx(best["val_loss"], rel=1e-6)
    assert np.trace(counts) / counts.sum() == pytest.approx(best["val_accuracy"])
    wrong = counts.sum() - np.trace(counts)
    assert len(held["mistakes"]) == min(24, wrong)
    sure = [mistake["probability"] for mistake in held["mistakes"]]
    assert sure == sorted(sure, reverse=True)
    assert all(mistake["target"] != mistake["prediction"] for mistake in held["mistakes"])


def test_mistakes_name_the_files_of_images(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    captions: list[Caption] = []
    monkeypatch.setattr(mistakes, "draw_mistakes", lambda samples, given, *_: captions.extend(given))
    generator = np.random.default_rng(0)
    for label in ("a", "b"):
        Path("images", label).mkdir(parents=True)
        for number in range(20):
            pixels = generator.integers(0, 256, (8, 8)).astype(np.uint8)
            Image.fromarray(pixels).save(Path("images", label, f"{number}.png"))
    data = '{"type": "ImageFolderDataLoader", "args": {"data_dir": "images", "channels": 1, "validation_split": 0.5}}'
    folder = run(config, FEW, f"data_loader={data}", "arch.args.layer_sizes=[64, 2]", 'trainer.pictures=["mistakes"]')
    held = predictions(folder)["mistakes"]
    assert held
    assert all(Path("images", one["name"]).is_file() and one["name"][0] == one["target"] for one in held)
    assert [caption.name for caption in captions] == [Path(one["name"]).name for one in held]


def test_mistakes_name_the_lines_of_tables_and_the_rows_of_arrays(config: Config) -> None:
    lines = ["x,label", *(f"{i},{i % 2}" for i in range(40))]
    Path("table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    np.savez("arrays.npz", x=np.arange(40.0), y=np.arange(40) % 2)
    loaders = (
        '"CsvDataLoader", "args": {"path": "table.csv", "target": "label"',
        '"NpzDataLoader", "args": {"path": "arrays.npz"',
    )
    named = []
    for number, loader in enumerate(loaders):
        data = f'{{"type": {loader}, "validation_split": 0.5}}}}'
        folder = run(config, NONE, FEW, f"data_loader={data}", "arch.args.layer_sizes=[1, 2]", run_id=str(number))
        named.append([(one["name"], one["target"]) for one in predictions(folder)["mistakes"]])
    table, array = named
    assert table
    assert all(lines[int(name.removeprefix("line ")) - 1].endswith(target) for name, target in table)
    assert [(f"line {int(name) + 2}", target) for name, target in array] == table


def test_without_a_best_epoch_the_last_weights_are_looked_at(config: Config) -> None:
    folder = run(config, NONE, "trainer.monitor=off")
    assert (predictions(folder)["epoch"], predictions(folder)["loss"]) == (
        2,
        pytest.approx(records(folder)[-1]["val_loss"]),
    )


def test_without_validation_data_training_data_are_looked_at(config: Config) -> None:
    held = predictions(run(config, NONE, "data_loader.args.validation_split=0", "trainer.monitor=min loss"))
    assert (held["data"], held["n_samples"]) == ("training", 300)


def test_numbers_have_errors_in_place_of_classes(config: Config) -> None:
    table = "\n".join(["x,y,z", *(f"{i},{i % 3},{2 * i}" for i in range(20))])
    Path("table.csv").write_text(table + "\n", encoding="utf-8")
    data = '{"type": "CsvDataLoader", "args": {"path": "table.csv", "target": "z", "task": "regression"}}'
    task = (f"data_loader={data}", "arch.args.layer_sizes=[2, 1]", "loss=MSELoss", "metrics=[]")
    folder = run(config, ALL, *task, "trainer.monitor=off", "optimizer.args.lr=1e-4")
    held = predictions(folder)
    errors = [abs(mistake["prediction"] - mistake["target"]) for mistake in held["mistakes"]]
    assert (held["classes"], held["confusion_matrix"]) == (None, None)
    assert errors == sorted(errors, reverse=True)
    assert drawn(folder) == {"curves", "steps", "dynamics", "regression", "weights", "boundary"}


def test_the_trainer_is_the_same_to_the_bit_after_drawing(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    draw = Pictures.on_train_end

    def compared(callback: Pictures, trainer: BaseTrainer) -> None:
        before = trainer.checkpoint()  # type: ignore[arg-type]
        held = {name: array.copy() for name, array in before.arrays.items()}
        draw(callback, trainer)
        after = trainer.checkpoint()  # type: ignore[arg-type]
        assert same_bits(held, after.arrays)
        assert before.meta == after.meta
        assert trainer.monitor.best_epoch == 1
        seen.extend(callback.drawn)

    monkeypatch.setattr(Pictures, "on_train_end", compared)
    monkeypatch.setattr(inspected_layers, "draw_feature_maps", lambda *_: None)
    chosen = 'trainer.pictures=["feature_maps", "confusion"]'
    convolution, last = ({"out_channels": 2, "kernel_size": 3}, {"out_features": 10})
    layers = [{"type": "Conv2D", "args": convolution}, "BatchNorm2D", "Flatten", "Dropout"]
    config["arch"] = {"type": "Sequential", "args": {"layers": [*layers, {"type": "Linear", "args": last}]}}
    run(config, chosen, 'trainer.ema={"decay": 0.9}', "trainer.monitor=max val_loss")
    assert seen == ["confusion", "feature_maps"]


def test_a_run_that_goes_on_after_its_pictures_ends_as_one_without_them(config: Config) -> None:
    folder = run(config, 'trainer.pictures=["weights"]')
    go_on(folder.models, "trainer.epochs=4")
    whole = run(config, NONE, "trainer.epochs=4", run_id="whole")
    assert same_bits(arrays(folder.last), arrays(whole.last))


def test_a_stopped_run_has_the_pictures_that_its_files_are_enough_for(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: SummaryFile, trainer: BaseTrainer, __: object) -> None:
        trainer.stop.signal = signal.SIGINT

    monkeypatch.setattr(SummaryFile, "on_epoch_end", stop)
    with pytest.raises(KeyboardInterrupt):
        run(config, ALL, "trainer.epochs=3")
    folder = RunFolder(Path("saved"), "tiny", "run")
    assert drawn(folder) == {"curves", "steps", "dynamics"}
    assert not (folder.log / "validation.json").exists()


def test_a_picture_that_cannot_be_drawn_is_named_and_loses_nothing(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("of some kind")

    monkeypatch.setattr(pictures, "draw_steps", fail)
    monkeypatch.setattr(mistakes, "draw_confusion", fail)
    folder = run(config, 'trainer.pictures=["steps", "confusion", "weights"]')
    log = (folder.log / "run.log").read_text()
    assert "steps.png cannot be drawn: ValueError: of some kind" in log
    assert "confusion.png cannot be drawn: ValueError: of some kind" in log
    assert drawn(folder) == {"weights"}


def test_a_picture_that_cannot_be_written_ends_the_run_with_its_message(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise WriteError("cannot write mistakes.png")

    monkeypatch.setattr(mistakes, "draw_mistakes", fail)
    with pytest.raises(WriteError, match=r"mistakes\.png"):
        run(config, FEW, 'trainer.pictures=["mistakes"]')
    assert RunFolder(Path("saved"), "tiny", "run").best.is_file()


def test_a_damaged_best_checkpoint_leaves_the_last_weights_to_look_at(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Pictures.on_train_end

    def damaged(callback: Pictures, trainer: BaseTrainer) -> None:
        callback.folder.best.write_bytes(b"damaged")
        draw(callback, trainer)

    monkeypatch.setattr(Pictures, "on_train_end", damaged)
    folder = run(config, NONE, "trainer.epochs=3", "optimizer.args.lr=1e-9")
    assert "pictures are of the last weights" in (folder.log / "run.log").read_text()
    assert predictions(folder)["epoch"] == 3


def test_of_much_training_data_a_part_is_looked_at(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.inspection.inspection.MOST_TRAINING", 50)
    held = predictions(run(config, NONE, "data_loader.args.validation_split=0", "trainer.monitor=min loss"))
    assert held["n_samples"] == np.sum(held["confusion_matrix"]) == 50


def test_a_matrix_of_very_many_classes_is_left_out(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mistakes, "_MOST_CLASSES", 9)
    folder = run(config, 'trainer.pictures=["confusion"]')
    assert (predictions(folder)["confusion_matrix"], drawn(folder)) == (None, set())


def test_feature_maps_are_of_samples_of_different_classes(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []
    monkeypatch.setattr(inspected_layers, "draw_feature_maps", lambda *shown: seen.append(shown))
    run(config, CNN, 'trainer.pictures=["feature_maps"]')
    samples, titles, layers = seen[0][:3]
    assert samples.shape == (3, 28, 28, 1)
    assert len({name for name, _ in titles}) == 3
    assert [(layer.name, layer.maps.shape[0]) for layer in layers][:2] == [("conv2d1", 3), ("relu1", 3)]


def test_the_plane_is_drawn_where_the_data_are(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []
    monkeypatch.setattr(decision_boundary, "draw_boundary", lambda *shown: seen.append(shown))
    normalized = PLANE.replace('"task"', '"normalize": "standardize", "task"')
    run(config, normalized, "arch.args.layer_sizes=[2, 8, 2]", 'trainer.pictures=["boundary"]')
    (training, validation), plane = seen[0][:2]
    assert (len(training.points), len(validation.points)) == (17, 4)
    left, right, bottom, top = plane.box
    side = len(plane.said)
    for part in (training, validation):
        columns = ((part.points[:, 0] - left) / (right - left) * side).astype(int)
        rows = ((part.points[:, 1] - bottom) / (top - bottom) * side).astype(int)
        assert (plane.said[rows, columns] == part.predictions).mean() > 0.8
    assert plane.certainty[plane.said == 1].min() >= 0.5


def test_its_axes_are_called_as_the_columns_of_a_table(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []
    monkeypatch.setattr(decision_boundary, "draw_boundary", lambda *shown: seen.append(shown))
    rows = [f"{at % 5},{at % 7 / 2},{'a' if at % 5 > 2 else 'b'}" for at in range(40)]
    Path("plane.csv").write_text("\n".join(["length,width,kind", *rows]) + "\n", encoding="utf-8")
    loader = {"path": "plane.csv", "target": "kind", "validation_split": 0.2, "test_split": 0.2}
    table = f'data_loader={{"type": "CsvDataLoader", "args": {json.dumps(loader)}}}'
    run(config, table, "arch.args.layer_sizes=[2, 4, 2]", 'trainer.pictures=["boundary"]')
    assert seen[0][1].features == ("length", "width")


def test_weights_of_the_network_are_those_of_the_best_epoch(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []

    def keep(seeing: Any, others: Any, _: object) -> None:
        seen.append((seeing.name, seeing.weights.copy(), {name: held.copy() for name, held in others.items()}))

    monkeypatch.setattr(inspected_layers, "draw_weights", keep)
    folder = run(config, 'trainer.pictures=["weights"]', "trainer.monitor=max val_loss")
    best = arrays(folder.best)
    ((name, first, others),) = seen
    assert (name, list(others)) == ("linear1", ["linear2"])
    np.testing.assert_array_equal(first, best["model/linear1.weight"])
    np.testing.assert_array_equal(others["linear2"], best["model/linear2.weight"])
