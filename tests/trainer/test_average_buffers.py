"""Averaged weights are scored with statistics of batch norm that belong to them, and keep them in checkpoints."""

import json
from pathlib import Path

import numpy as np
import pytest

from base.random_streams import RandomStreams
from base.types import Array
from data_loader.loaders.digits import DigitsDataLoader
from tests.every_ops import every_ops
from tests.running import Config, arrays, go_on, records, run, same_bits
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.initial import InitialWeights
from trainer.checkpoints.manager import CheckpointManager
from trainer.checkpoints.run_folder import RunFolder
from trainer.score import score

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

LAYERS = ["Flatten", {"type": "Linear", "args": {"out_features": 64}}, "BatchNorm1D", "ReLU", "Dropout"]
LAYERS = [*LAYERS, {"type": "Linear", "args": {"out_features": 10}}]
SLOW = 'trainer.ema={"decay": 0.99}'
STATISTICS = [f"ema_buffer/batchnorm1d1.running_{name}" for name in ("mean", "var")]


@pytest.fixture
def config(config: Config) -> Config:
    """A network with batch norm, and an average that is far behind it."""
    config["arch"] = {"type": "Sequential", "args": {"layers": LAYERS}}
    config["trainer"]["ema"] = {"decay": 0.9}
    return config


def normalised(x: Array, held: dict[str, Array], mean: Array, variance: Array) -> Array:
    """Outputs of the averaged network for flat inputs, with these statistics."""
    hidden = x @ held["ema/linear1.weight"] + held["ema/linear1.bias"]
    hidden = (hidden - mean) / np.sqrt(variance + 1e-5) * held["ema/batchnorm1d1.weight"] + held[
        "ema/batchnorm1d1.bias"
    ]
    return np.asarray(np.maximum(hidden, 0) @ held["ema/linear2.weight"] + held["ema/linear2.bias"])


def test_the_statistics_are_those_of_the_training_data_with_the_averaged_weights(config: Config) -> None:
    config["data_loader"] = {"type": "DigitsDataLoader", "args": {"batch_size": 64, "validation_split": 0.3}}
    config["optimizer"]["args"]["lr"] = 0.5
    folder = run(config, SLOW, "trainer.epochs=4")
    held = {name: array.astype(float) for name, array in arrays(folder.last).items()}
    training, validation = DigitsDataLoader(batch_size=64, validation_split=0.3).load(RandomStreams(5))
    assert validation is not None
    x, valid = (data.inputs_of(slice(None)).reshape(len(data), -1).astype(float) for data in (training, validation))
    hidden = x @ held["ema/linear1.weight"] + held["ema/linear1.bias"]
    mean, variance = (held[name] for name in STATISTICS)
    np.testing.assert_allclose(mean, hidden.mean(0), atol=1e-4)
    np.testing.assert_allclose(variance, hidden.var(0, ddof=1), rtol=0.1)
    own = normalised(valid, held, hidden.mean(0), hidden.var(0)).argmax(1) == validation.read_targets(slice(None))
    told = records(folder)[-1]["val_accuracy"]
    assert abs(told - own.mean()) < 0.02
    raw = normalised(valid, held, held["buffer/batchnorm1d1.running_mean"], held["buffer/batchnorm1d1.running_var"])
    assert (raw.argmax(1) == validation.read_targets(slice(None))).mean() < told - 0.02, "the test shows nothing"


@every_ops
def test_a_checkpoint_is_scored_as_it_was_in_its_run(config: Config, ops: str) -> None:
    folder = run(config, f"trainer.ops={ops}", "trainer.log_test=true", "trainer.epochs=3")
    for path in (folder.best, folder.last):
        score(None, str(path), [], tsne=False)
        told = json.loads((folder.log / "test.json").read_text())
        line = records(folder)[told["epoch"] - 1]
        assert (told["loss"], told["accuracy"]) == (line["test_loss"], line["test_accuracy"])


@pytest.mark.parametrize("changes", [(), ("trainer.accumulate_steps=3",), ("data_loader.args.batch_size=31",)], ids=str)
def test_the_number_of_workers_changes_no_bit(config: Config, changes: tuple[str, ...]) -> None:
    folders = [run(config, *changes, f"trainer.threads={count}", run_id=f"on{count}") for count in (1, 2)]
    assert same_bits(*(arrays(folder.last) for folder in folders))
    one, two = ([{**line, "seconds": 0} for line in records(folder)] for folder in folders)
    assert one == two


def test_they_are_of_the_end_of_an_epoch_and_of_batch_norm(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[Checkpoint] = []
    save = CheckpointManager.save_last

    def save_last(manager: CheckpointManager, checkpoint: Checkpoint) -> None:
        saved.append(checkpoint)
        save(manager, checkpoint)

    monkeypatch.setattr(CheckpointManager, "save_last", save_last)
    monkeypatch.setattr("trainer.checkpoints.manager.SHORTEST", 0.0)
    run(config, "trainer.checkpoint_every_steps=3")
    assert [set(STATISTICS) <= held.arrays.keys() for held in saved] == [held.meta["position"] == 0 for held in saved]
    assert [held.meta["step"] for held in saved] == [3, 6, 8, 9, 12, 15, 16]
    plain = run(config, "arch.type=MLP", 'arch.args={"layer_sizes": [784, 16, 10]}', run_id="plain")
    assert not any(name.startswith("ema_buffer") for name in arrays(plain.best))


def test_a_checkpoint_without_them_is_continued_and_has_them_then(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("trainer.trainer.has_statistics", lambda _: False)  # as versions before had none
        folder = run(config)
    assert not set(STATISTICS) & arrays(folder.last).keys()
    score(None, str(folder.last), [], tsne=False)
    go_on(folder.models, "trainer.epochs=3")
    assert set(STATISTICS) <= arrays(folder.last).keys()


def test_a_momentum_of_0_leaves_statistics_as_they_are(config: Config) -> None:
    config["arch"]["args"]["layers"] = [*LAYERS[:2], {"type": "BatchNorm1D", "args": {"momentum": 0}}, *LAYERS[3:]]
    assert not set(STATISTICS) & arrays(run(config).last).keys()


def test_the_average_without_warmup_may_be_told_to_be_too_slow(config: Config) -> None:
    def log(*changes: str) -> str:
        folder = run(config, *changes)
        text = (folder.log / "run.log").read_text()
        for path in sorted(Path("saved").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        return text

    words = "trainer.ema.decay: 0.99 is long for a run of 16 steps, at whose end 86% of the average will be the"
    assert words in log(SLOW)
    assert "is long for a run" not in log('trainer.ema={"decay": 0.99, "warmup": true}')
    assert "is long for a run" not in log('trainer.ema={"decay": 0.8}')
    assert "trainer.min_delta: has no effect without trainer.early_stop" in log("trainer.min_delta=0.1")


def test_with_warmup_a_short_run_is_scored_by_an_average_of_its_end(config: Config) -> None:
    slow, grown = (
        records(run(config, f'trainer.ema={{"decay": 0.999, "warmup": {warmup}}}', "trainer.epochs=4", run_id=warmup))
        for warmup in ("false", "true")
    )
    assert grown[-1]["val_loss"] < slow[-1]["val_loss"]


def test_best_is_of_the_statistics_of_its_own_epoch(config: Config) -> None:
    folder: RunFolder = run(config, "trainer.save_period=1", "trainer.epochs=3", "trainer.monitor=max lr")
    first, last = (arrays(folder.models / name) for name in ("epoch-0001.npz", "epoch-0003.npz"))
    best = arrays(folder.best)
    for name in STATISTICS:
        np.testing.assert_array_equal(best[name], first[name])
        assert not np.array_equal(best[name], last[name])


def test_a_new_run_begins_with_the_statistics_of_the_average(config: Config) -> None:
    last = run(config).last
    given = InitialWeights(last, load_checkpoint(last)).arrays
    for name in STATISTICS:
        np.testing.assert_array_equal(given[name.removeprefix("ema_")], arrays(last)[name])
