"""train.py --init: a new run begins with the weights of a checkpoint that fit."""

import json
from pathlib import Path

import numpy as np
import pytest

from base.errors import CheckpointError
from tests.running import Config, arrays, meta, records, run, same_bits, write_config
from trainer.checkpoints.resume import plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.checks.check import check
from trainer.start import train

pytestmark = pytest.mark.usefixtures("no_pictures")
CNN = (
    'arch={"type": "Sequential", "args": {"layers": ['
    '{"type": "Conv2D", "args": {"out_channels": 2, "kernel_size": 5}}, "BatchNorm2D", "Flatten", '
    '{"type": "Linear", "args": {"out_features": 10}}]}}'
)
FROZEN_AT_ALL = 'optimizer.args.groups=[{"names": "*", "frozen": true}]'


def begun(config: Config, init: str | Path, *changes: str, run_id: str = "new") -> RunFolder:
    """What `train.py -c config.json --init INIT --run-id RUN_ID` does."""
    write_config(config)
    train(plan("config.json", None, changes, str(init)), run_id, tsne=False)
    return RunFolder(Path("saved"), config["name"], run_id)


def test_all_that_fits_is_taken_and_the_run_begins_at_epoch_one(here: Path, config: Config) -> None:
    old = run(config)
    new = begun(config, old.best, FROZEN_AT_ALL)
    assert same_bits(
        {name: held for name, held in arrays(old.best).items() if name.startswith("model/")},
        {name: held for name, held in arrays(new.last).items() if name.startswith("model/")},
    )
    assert [record["epoch"] for record in records(new)] == [1, 2]
    assert meta(new.last)["optimizer"]["steps"] == 16


def test_a_last_layer_of_other_classes_is_new(here: Path, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    old = run(config)
    config["trainer"]["verbosity"] = 1
    new = begun(config, old.best, "arch.args.layer_sizes=[784, 16, 12, 10]", FROZEN_AT_ALL)
    shown = capsys.readouterr().out
    assert "taken    linear1 (weight, bias)\n" in shown
    assert "new      linear2.weight (16, 12), linear2.bias (12,), linear3.weight (12, 10)" in shown
    assert "left     linear2.weight (16, 10), linear2.bias (10,)\n" in shown
    held, taken = arrays(old.best), arrays(new.last)
    assert np.array_equal(held["model/linear1.weight"], taken["model/linear1.weight"])
    assert taken["model/linear2.weight"].shape == (16, 12)
    assert taken["model/linear2.weight"].any()


def test_the_run_says_from_which_checkpoint_it_began(here: Path, config: Config) -> None:
    old = run(config)
    new = begun(config, old.models)
    told = json.loads((new.log / "environment.json").read_text())["init"]
    digest = json.loads((old.log / "summary.json").read_text())["digests"]["best"]
    assert told == {"checkpoint": str(old.best), "epoch": meta(old.best)["epoch"], "digest": digest}
    assert str(old.best) in (new.log / "run.log").read_text()
    assert "init" not in json.loads((new.models / "config.json").read_text())


def test_the_moving_average_and_running_statistics_are_taken(here: Path, config: Config) -> None:
    old = run(config, CNN, 'trainer.ema={"decay": 0.9}', "trainer.len_epoch=3")
    new = begun(config, old.last, CNN, FROZEN_AT_ALL, "trainer.epochs=1", "trainer.len_epoch=1")
    held, taken = arrays(old.last), arrays(new.last)
    assert not np.array_equal(held["ema/conv2d1.weight"], held["model/conv2d1.weight"])
    assert np.array_equal(held["ema/conv2d1.weight"], taken["model/conv2d1.weight"])
    before, after = held["ema_buffer/batchnorm2d1.running_mean"], taken["buffer/batchnorm2d1.running_mean"]
    assert abs(after - before).max() < 0.2 * abs(before).max()


def test_weights_of_another_type_are_taken(here: Path, config: Config) -> None:
    old = run(config, "trainer.dtype=float64")
    new = begun(config, old.last, FROZEN_AT_ALL)
    taken = arrays(new.last)["model/linear1.weight"]
    assert taken.dtype == np.float32
    assert np.array_equal(taken, arrays(old.last)["model/linear1.weight"].astype(np.float32))


def test_data_are_read_as_the_config_says_and_not_as_the_checkpoint(here: Path, config: Config) -> None:
    old = run(config, "data_loader.args.normalize=standardize")
    new = begun(config, old.last, "data_loader.args.normalize=min_max")
    assert meta(new.last)["data"]["normalize"] == "min_max"
    assert not np.array_equal(arrays(old.last)["data/divisor"], arrays(new.last)["data/divisor"])


def test_nothing_that_fits_is_refused(here: Path, config: Config) -> None:
    old = run(config)
    with pytest.raises(CheckpointError, match=r"no parameter fits .*\n.*linear1.weight \(784, 16\).*\n.* \(784, 8\)"):
        begun(config, old.last, "arch.args.layer_sizes=[784, 8, 8, 10]")
    assert not Path("saved/models/tiny/new").exists()


def test_a_run_begun_so_goes_on_to_the_same_bits(here: Path, config: Config) -> None:
    old = run(config)
    whole = begun(config, old.last, "trainer.epochs=3", run_id="whole")
    part = begun(config, old.last, run_id="part")
    train(plan(None, str(part.models), ["trainer.epochs=3"]), None, tsne=False)
    assert same_bits(arrays(whole.last), arrays(part.last))
    assert "init" in json.loads((part.log / "environment.json").read_text())


def test_a_last_layer_of_other_classes_that_fits_is_told(here: Path, config: Config) -> None:
    old = run(config)
    letters = 'data_loader.args.classes=["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]'
    same, other = begun(config, old.last, run_id="same"), begun(config, old.last, letters, run_id="other")
    words = "its outputs stood for other classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9; now a, b, c, d, e, f, g, h, i, j"
    assert words not in (same.log / "run.log").read_text()
    assert words in (other.log / "run.log").read_text()


def test_check_says_what_would_be_taken(here: Path, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    old = run(config)
    check(plan("config.json", None, ["arch.args.layer_sizes=[784, 16, 12, 10]"], str(old.last)))
    assert "taken    linear1 (weight, bias)\nnew      linear2.weight (16, 12)" in capsys.readouterr().out
