"""What a new run takes over from a checkpoint: weights always, the optimizer's state where it is the same."""

from pathlib import Path

import numpy as np
import pytest

from base.errors import CheckpointError
from tests.running import Config, arrays, meta, records, run, same_bits, tree
from trainer.checkpoints.run_folder import RunFolder

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

NEW = RunFolder(Path("saved"), "tiny", "new")


def log(folder: RunFolder) -> str:
    """What a run wrote to its log."""
    return (folder.log / "run.log").read_text()


def test_a_config_with_a_checkpoint_starts_a_new_run_with_the_optimizers_state(config: Config) -> None:
    optimizer = 'optimizer={"type": "Adam", "args": {"lr": 0.01}}'
    whole = run(config, optimizer, "trainer.epochs=4", run_id="whole")
    old = run(config, optimizer, run_id="old")
    before = tree(old.models)
    run(config, optimizer, "trainer.epochs=4", run_id="new", resume=old.last)
    assert tree(old.models) == before
    assert [record["epoch"] for record in records(NEW)] == [3, 4]
    assert same_bits(arrays(NEW.last), arrays(whole.last))
    assert "WARNING trainer.epochs: 2 in the checkpoint, now 4" in log(NEW)
    assert "begins anew" not in log(NEW)


@pytest.mark.parametrize("optimizer", ["Adam", '{"type": "SGD", "args": {"lr": 0.1}}'], ids=["other type", "no state"])
def test_another_optimizer_begins_anew_with_a_warning(config: Config, optimizer: str) -> None:
    old = run(config, run_id="old")
    run(config, f"optimizer={optimizer}", "trainer.epochs=3", run_id="new", resume=old.models)
    assert meta(NEW.last)["optimizer"]["steps"] == 8
    assert "WARNING the optimizer is another than the checkpoint's, so its state begins anew" in log(NEW)


FALL = '"figure": "lr", "mode": "max", "patience": 0'  # the rate itself gets no higher, so it falls every epoch
PLATEAU = f'lr_scheduler={{"type": "ReduceLROnPlateau", "args": {{{FALL}}}}}'


def test_a_scheduler_that_is_the_same_keeps_its_state(config: Config) -> None:
    old = run(config, PLATEAU, "trainer.epochs=3", run_id="old")
    run(config, PLATEAU, "trainer.epochs=4", "optimizer.args.lr=0.2", run_id="new", resume=old.last)
    assert meta(old.last)["scheduler"]["reductions"] == 2
    assert records(NEW)[0]["lr"] == pytest.approx(0.2 * 0.1 * 0.1)
    assert "begins anew" not in log(NEW)


def test_a_scheduler_that_is_another_begins_anew_with_a_warning(config: Config) -> None:
    old = run(config, PLATEAU, "trainer.epochs=3", run_id="old")
    run(config, PLATEAU, "lr_scheduler.args.factor=0.5", "trainer.epochs=4", run_id="new", resume=old.last)
    assert records(NEW)[0]["lr"] == 0.1
    assert "WARNING the scheduler is another than the checkpoint's, so its state begins anew" in log(NEW)


def test_a_checkpoint_of_another_network_is_refused_with_every_difference(config: Config) -> None:
    old = run(config, run_id="old")
    before = tree(Path("saved"))
    with pytest.raises(CheckpointError) as caught:
        run(config, "arch.args.layer_sizes=[784, 20, 16, 10]", "trainer.epochs=3", run_id="new", resume=old.last)
    assert str(caught.value).splitlines() == [
        f"{old.last}: the checkpoint does not fit the config's model:",
        "  model/linear1.bias: the model has (20,) float32, the checkpoint (16,) float32",
        "  model/linear1.weight: the model has (784, 20) float32, the checkpoint (784, 16) float32",
        "  model/linear2.bias: the model has (16,) float32, the checkpoint (10,) float32",
        "  model/linear2.weight: the model has (20, 16) float32, the checkpoint (16, 10) float32",
        "  model/linear3.bias: the model has (10,) float32, the checkpoint no such array",
        "  model/linear3.weight: the model has (16, 10) float32, the checkpoint no such array",
        f"to go on with the checkpoint's own config, leave -c out: python train.py -r {old.last}",
        f"to begin a new run with the weights that fit: python train.py -c config.json --init {old.last}",
    ]
    assert tree(Path("saved")) == before


def test_a_checkpoint_of_another_precision_is_refused(config: Config) -> None:
    old = run(config, run_id="old")
    with pytest.raises(CheckpointError, match=r"bias: the model has \(16,\) float64, the checkpoint .* float32"):
        run(config, "trainer.dtype=float64", "trainer.epochs=3", run_id="new", resume=old.last)


def test_a_continued_run_has_its_weights_from_the_checkpoint(config: Config) -> None:
    old = run(config, run_id="old")
    run(config, "trainer.epochs=3", "optimizer.args.lr=1e-300", run_id="new", resume=old.last)
    new = arrays(NEW.last)
    assert all(np.array_equal(new[name], array) for name, array in arrays(old.last).items() if name[:5] == "model")
