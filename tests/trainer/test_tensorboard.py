"""TensorBoard's own reader finds in a run's event file what the run's files hold, once each."""

import builtins
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from base.errors import UserError
from logger.step_history import read_steps
from logger.tensorboard import EventFile
from tests.running import Config, arrays, go_on, records, run, same_bits, tree
from trainer.checkpoints.run_folder import RunFolder
from trainer.parallel_model import ParallelModel
from trainer.reporting.pictures import Pictures

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

ON = "trainer.tensorboard=true"


def board(folder: RunFolder) -> Path:
    """Where TensorBoard's files are."""
    return folder.log / "tensorboard"


def read(folder: RunFolder) -> EventAccumulator:
    """All events of a run."""
    found = EventAccumulator(str(board(folder)), {"scalars": 0, "images": 0, "histograms": 0})
    found.Reload()
    return found


def scalars(folder: RunFolder) -> dict[str, list[tuple[int, float]]]:
    """Every number by tag, with its step."""
    found = read(folder)
    return {tag: [(event.step, event.value) for event in found.Scalars(tag)] for tag in found.Tags()["scalars"]}


def histograms(folder: RunFolder) -> dict[str, list[tuple[int, float, float]]]:
    """Step, sum and number of every histogram by tag."""
    found = read(folder)
    return {
        tag: [(event.step, event.histogram_value.sum, event.histogram_value.num) for event in found.Histograms(tag)]
        for tag in found.Tags()["histograms"]
    }


def test_figures_of_epochs_and_steps_are_those_of_the_runs_files(config: Config) -> None:
    folder = run(config, ON)
    found, steps = scalars(folder), read_steps(folder.log / "steps.csv")
    for name in ("loss", "accuracy", "val_loss", "val_accuracy", "lr", "seconds"):
        expected = [(record["step"], pytest.approx(record[name])) for record in records(folder)]
        assert found[f"epoch/{name}"] == expected
    for name in ("loss", "lr", "grad_norm", "update/linear1"):
        rows = zip(steps["step"], steps[name], strict=True)
        expected = [(step, pytest.approx(value)) for step, value in rows if np.isfinite(value)]
        assert found[f"step/{name}"] == expected
    assert not any(tag.endswith(("/step", "/epoch")) for tag in found)


def test_histograms_are_of_the_parameters_before_training_and_after_each_epoch(config: Config) -> None:
    folder = run(config, ON)
    found, last = read(folder), arrays(folder.last)
    for name in ("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"):
        events = found.Histograms(f"parameters/{name}")
        assert [event.step for event in events] == [0, 8, 16]
        end, held = events[-1].histogram_value, last[f"model/{name}"].astype(np.float64)
        assert (end.min, end.max, end.num) == (held.min(), held.max(), held.size)
        assert end.sum == pytest.approx(held.sum())
        assert sum(end.bucket) == held.size


def test_images_are_of_training_samples_and_the_runs_pictures(config: Config) -> None:
    config["augmentation"] = ["RandomHorizontalFlip"]
    folder = run(config, ON)
    found = read(folder)
    images = {tag: found.Images(tag)[0] for tag in found.Tags()["images"]}
    assert images.keys() == {"samples/training", "samples/augmented"}
    assert {(image.width, image.height) for image in images.values()} == {(5 * 28, 5 * 28)}
    assert len({image.encoded_image_string for image in images.values()}) == 2


def test_pictures_of_the_log_folder_are_taken_over_at_the_end(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.new("RGB", (30, 20))
    monkeypatch.setattr(Pictures, "on_train_end", lambda it, _: picture.save(it.folder.log / "curves.png"))
    found = read(run(config, ON)).Images("pictures/curves")
    assert [(image.step, image.width, image.height) for image in found] == [(16, 30, 20)]


def test_the_projector_gets_features_labels_and_images(config: Config) -> None:
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    folder = run(config, ON, 'trainer.tsne={"samples": 50, "layer": "linear1"}')
    text = (board(folder) / "projector_config.pbtxt").read_text()
    (embedding,) = text_format.Parse(text, ProjectorConfig()).embeddings
    assert embedding.tensor_name == "linear1"
    assert np.loadtxt(board(folder) / embedding.tensor_path, delimiter="\t").shape == (50, 16)
    labels = (board(folder) / embedding.metadata_path).read_text().splitlines()
    assert len(labels) == 50
    assert set(labels) <= set("0123456789")
    width, height = embedding.sprite.single_image_dim
    with Image.open(board(folder) / embedding.sprite.image_path) as sprite:
        assert sprite.size == (8 * width, 8 * height) == (8 * 28, 8 * 28)  # 8 is the root of 50, rounded up


def test_nothing_of_the_result_changes(config: Config) -> None:
    config["arch"]["args"]["dropout"] = 0.5
    plain, shown = run(config, run_id="plain"), run(config, ON, run_id="shown")
    assert same_bits(arrays(plain.last), arrays(shown.last))
    assert not board(plain).exists()


def test_a_continued_run_has_every_point_once(config: Config) -> None:
    whole = run(config, ON, "trainer.epochs=4", run_id="whole")
    run(config, ON, run_id="parts")
    go_on("saved/models/tiny/parts", "trainer.epochs=4")
    parts = RunFolder(Path("saved"), "tiny", "parts")
    one, other = scalars(whole), scalars(parts)
    assert one.keys() == other.keys()
    assert one.pop("epoch/seconds")[0][0] == other.pop("epoch/seconds")[0][0]
    assert {tag: one[tag] for tag in one if "update/" not in tag} == {
        tag: other[tag] for tag in other if "update/" not in tag
    }
    assert histograms(whole) == histograms(parts)


def test_a_run_killed_between_checkpoint_and_events_gets_them_when_it_is_continued(config: Config) -> None:
    folder = run(config, ON)
    file = next(board(folder).iterdir())
    before = scalars(folder)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * 0.7)])  # half an epoch
    go_on(folder.models, "trainer.epochs=3")
    after = scalars(folder)
    for tag in ("step/loss", "epoch/loss"):
        assert after[tag][: len(before[tag])] == before[tag]
    assert [step for step, _ in after["step/loss"]] == [*range(1, 25)]
    assert [step for step, _ in after["epoch/loss"]] == [8, 16, 24]


def test_a_run_continued_from_an_older_checkpoint_drops_later_events(config: Config) -> None:
    folder = run(config, ON, "trainer.save_period=1", "trainer.epochs=3")
    (folder.models / "last.npz").unlink()
    (folder.models / "epoch-0003.npz").unlink()
    for path in folder.models.glob("best.npz"):
        path.unlink()
    go_on(folder.models, "trainer.epochs=3")
    assert [step for step, _ in scalars(folder)["step/loss"]] == [*range(1, 25)]
    assert [step for step, *_ in histograms(folder)["parameters/linear1.weight"]] == [0, 8, 16, 24]


def test_a_run_that_asks_for_it_later_has_all_its_figures(config: Config) -> None:
    folder = run(config)
    go_on(folder.models, "trainer.epochs=3", ON)
    assert [step for step, _ in scalars(folder)["step/loss"]] == [*range(1, 25)]
    assert [step for step, _ in scalars(folder)["epoch/val_loss"]] == [8, 16, 24]
    assert [step for step, *_ in histograms(folder)["parameters/linear1.weight"]] == [16, 24]


def test_no_thread_and_no_open_file_is_there_when_workers_are_forked(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, list[str]]] = []
    train = ParallelModel.train_batch

    def spy(parallel: ParallelModel, *arguments: Any) -> Any:
        files = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.exists()]
        seen.append((threading.active_count(), [file for file in files if "tfevents" in file]))
        return train(parallel, *arguments)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    threads = threading.active_count()
    monkeypatch.setattr(ParallelModel, "train_batch", spy)
    run(config, ON)
    assert seen == [(threads, [])] * 16


def test_processes_give_the_same_events(config: Config) -> None:
    one, two = run(config, ON, run_id="one"), run(config, ON, "trainer.threads=2", run_id="two")
    assert scalars(one)["step/loss"] == scalars(two)["step/loss"]
    assert histograms(one) == histograms(two)


def test_data_that_are_no_images_are_projected_without(config: Config) -> None:
    config["data_loader"] = {"type": "TwoDimensionalDataLoader", "args": {"task": "xor"}}
    config["arch"]["args"]["layer_sizes"] = [2, 4, 2]
    folder = run(config, ON, "trainer.monitor=min loss")
    assert "sprite" not in (board(folder) / "projector_config.pbtxt").read_text()
    assert read(folder).Tags()["images"] == []


def test_without_tensorboard_nothing_is_written_and_the_command_is_named(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = builtins.__import__

    def missing(name: str, *others: Any) -> Any:
        if name.startswith("tensorboard"):
            raise ModuleNotFoundError("No module named 'tensorboard'")
        return load(name, *others)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UserError, match=r'trainer\.tensorboard: .*pip install -e "\.\[tensorboard\]"'):
        run(config, ON)
    assert tree(Path()).keys() == {"config.json"}


def test_a_file_of_something_else_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "events.out.tfevents.0.run").write_bytes(b"no event, but long enough to look like one" * 3)
    file = EventFile(tmp_path, 5)
    file.add_scalars(3, {"loss": 0.5})
    file.commit(3)
    found = EventAccumulator(str(tmp_path))
    found.Reload()
    assert [(event.step, event.value) for event in found.Scalars("loss")] == [(3, 0.5)]


def test_a_removed_folder_is_not_missed(config: Config) -> None:
    folder = run(config, ON)
    shutil.rmtree(board(folder))
    go_on(folder.models, "trainer.epochs=3")
    assert len(scalars(folder)["step/loss"]) == 24
