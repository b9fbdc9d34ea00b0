"""fit() does from Python what train.py does, and gives back the run."""

import json
import math
import threading
from pathlib import Path

import numpy as np
import pytest

from base.base_trainer import BaseCallback, BaseTrainer, Record
from base.errors import ConfigError, DataError, UserError
from base.types import Array
from data_loader.loaders import memory
from tests.running import Config, arrays, meta, program, records, run, same_bits, write_config
from trainer.fit import fit

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


def points(count: int, seed: int = 0) -> tuple[Array, Array]:
    """Points whose class is the sign of the first number."""
    inputs = np.random.default_rng(seed).normal(size=(count, 4))
    return inputs, np.where(inputs[:, 0] > 0, "right", "left")


@pytest.fixture
def network() -> Config:
    """A config without data."""
    return {
        "name": "points",
        "arch": {"type": "MLP", "args": {"layer_sizes": (4, 8, 2)}},
        "loss": "CrossEntropyLoss",
        "metrics": ["accuracy"],
        "optimizer": {"type": "SGD", "args": {"lr": np.float64(0.5)}},
        "trainer": {"epochs": 3, "verbosity": 0, "threads": 1, "report": False, "save_dir": Path("saved")},
    }


def test_a_dict_and_its_file_give_the_weights_that_the_program_gives(config: Config) -> None:
    by_program = run(config)
    write_config(config)
    for given in (config, "config.json", Path("config.json")):
        assert same_bits(arrays(by_program.last), arrays(fit(given).folder.last))


def test_the_history_is_a_dict_of_lists(config: Config) -> None:
    done = fit(config, run_id="one")
    assert list(done.history) == list(records(done.folder)[0])
    assert done.history["epoch"] == [1, 2]
    assert done.history["val_loss"] == [record["val_loss"] for record in records(done.folder)]
    assert (done.models, done.log) == (Path("saved/models/tiny/one"), Path("saved/log/tiny/one"))
    assert done.best == Path("saved/models/tiny/one/best.npz")
    assert repr(done) == "Run('saved/models/tiny/one', epochs=2)"


def test_a_figure_that_some_epochs_do_not_have_is_nan_there(config: Config) -> None:
    first = fit(config)
    again = fit(config | {"metrics": ["f1"], "trainer": config["trainer"] | {"epochs": 3}}, resume=first.models)
    assert "f1" in again.history
    path = again.log / "metrics.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, json.dumps(json.loads(lines[0]) | {"more": 1.0}), ""]))
    from trainer.fit import _columns

    assert math.isnan(_columns(again.folder)["more"][0])


def test_a_dict_may_extend_a_file_in_the_current_folder_and_be_overridden(config: Config) -> None:
    write_config(config)
    done = fit({"extends": "config.json", "name": "other"}, overrides=["trainer.epochs=1"])
    assert done.history["epoch"] == [1]
    assert done.models.parent.name == "other"


def test_a_run_goes_on_and_weights_begin_another(config: Config) -> None:
    first = fit(config)
    longer = fit(resume=first.models, overrides=["trainer.epochs=3"])
    assert (longer.models, longer.history["epoch"]) == (first.models, [1, 2, 3])
    new = fit(config, init=first.best)
    assert new.history["epoch"] == [1, 2]
    assert json.loads((new.log / "environment.json").read_text())["init"]["checkpoint"] == str(first.best)


def test_a_run_that_is_done_is_returned_as_it_is(config: Config) -> None:
    first = fit(config)
    assert fit(resume=first.models) == first


def test_arrays_in_memory_are_trained_on(network: Config) -> None:
    done = fit(network, training=points(200), validation=points(50, 1))
    assert done.history["val_accuracy"][-1] > 0.9
    assert meta(done.best)["data"]["classes"] == ["left", "right"]
    assert memory._HELD == {}


def test_arrays_and_a_file_of_them_give_the_same_weights(network: Config) -> None:
    inputs, targets = points(200)
    np.savez("points.npz", x=inputs, y=targets)
    section = {"batch_size": 32, "validation_split": 0.2, "test_split": 0}
    by_file = network | {"data_loader": {"type": "NpzDataLoader", "args": section | {"path": "points.npz"}}}
    given = fit(network | {"data_loader": section}, training=(inputs, targets))
    assert same_bits(arrays(given.folder.last), arrays(fit(by_file).folder.last))


def test_a_run_on_arrays_goes_on_where_they_are_given_again(network: Config) -> None:
    samples = points(100)
    whole = fit(network, training=samples)
    part = fit(network, training=samples, overrides=["trainer.epochs=2"])
    longer = fit(resume=part.models, training=samples, overrides=["trainer.epochs=3"])
    assert same_bits(arrays(whole.folder.last), arrays(longer.folder.last))
    with pytest.raises(DataError, match="arrays in the memory of another program: give them again"):
        fit(resume=part.models, overrides=["trainer.epochs=4"])
    with pytest.raises(DataError, match="the arrays that are given are not those that the run was trained on"):
        fit(resume=part.models, training=points(50), overrides=["trainer.epochs=4"])
    others = fit(network, resume=part.models, training=points(50), overrides=["trainer.epochs=4"])
    assert others.history["epoch"] == [4]
    assert "arrays in the memory of another program" in program("test.py", "-r", part.best, expect=2).stderr


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"validation": points(9)}, r"validation data are given as arrays; give training=\(x, y\) as well"),
        ({"training": points(9)[0]}, r"training: expected inputs and targets, as in training=\(x, y\)"),
        ({"training": points(9), "data_loader": "DigitsDataLoader"}, "leave one of them out"),
        ({"training": points(9), "data_loader": {"batch_sise": 3}}, "did you mean 'batch_size'"),
        ({"training": (points(9)[0], [1, 2])}, r"training\[0\] has shape \(9, 4\) and training\[1\] \(2,\)"),
        ({"training": points(9), "resume": "no.npz"}, "there is no such checkpoint"),
        ({"overrides": "trainer.epochs=2"}, r'overrides: expected a list, got a text; write \["trainer.epochs=2"\]'),
        ({"callbacks": ["ParameterNorms"]}, "callbacks: expected objects of classes derived from BaseCallback"),
    ],
)
def test_what_cannot_be_is_refused(network: Config, given: Config, words: str) -> None:
    section = {"data_loader": given.pop("data_loader")} if "data_loader" in given else {}
    with pytest.raises(UserError, match=words):
        fit(network | section, **given)
    assert not Path("saved").exists()


def test_all_mistakes_of_a_dict_are_told(network: Config) -> None:
    with pytest.raises(ConfigError, match=r"(?s)config: 2 mistakes.*optimizer: unknown.*'SGD'.*trainer.epochs"):
        fit(network | {"optimizer": "SDG", "trainer": {"epochs": -1}}, training=points(9))


def test_it_runs_beside_the_main_thread_and_leaves_signals_alone(network: Config) -> None:
    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(fit(network, training=points(60))))
    thread.start()
    thread.join()
    assert len(done) == 1


def test_forked_workers_give_the_same_weights_in_a_thread(config: Config) -> None:
    config["trainer"]["threads"] = 2
    expected = run(config)
    done: list[Path] = []
    thread = threading.Thread(target=lambda: done.append(fit(config).folder.last))
    thread.start()
    thread.join()
    assert same_bits(arrays(expected.last), arrays(done[0]))


def test_ctrl_c_ends_it_with_a_checkpoint_to_go_on_from(config: Config) -> None:
    class Interrupt(BaseCallback):
        def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
            trainer.stop.signal = 2

    with pytest.raises(KeyboardInterrupt):
        fit(config, run_id="stopped", callbacks=[Interrupt()])
    assert fit(resume="saved/models/tiny/stopped").history["epoch"] == [1, 2]
