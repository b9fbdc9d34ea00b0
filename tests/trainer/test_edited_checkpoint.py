"""A checkpoint that was edited and has a right checksum ends in the clear error."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import CheckpointError, ConfigError
from base.types import Array
from model.metrics.class_figures import f1
from model.metrics.roc_auc import roc_auc
from tests.running import Config, go_on, run, tree
from trainer.checkpoints import manager
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.manager import CheckpointManager
from trainer.checkpoints.resume import plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.epoch_metrics import EpochMetrics

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


def edit(path: Path, arrays: dict[str, Array] | None = None, **meta: Any) -> None:
    held = load_checkpoint(path)
    dataclasses.replace(held, arrays=held.arrays | (arrays or {}), meta=held.meta | meta).save(path)


def within_epoch(config: Config) -> RunFolder:
    """A run with everything that a checkpoint can hold, stopped in the middle of its second epoch."""
    kept = ("trainer.on_nonfinite=back_off", 'trainer.ema={"decay": 0.9}', "trainer.checkpoint_every_steps=3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CheckpointManager, "save_epoch", lambda *_: None)
        patch.setattr(manager, "SHORTEST", 0.0)
        return run(config, *kept, 'optimizer={"type": "Adam", "args": {"lr": 0.01}}', 'metrics=["accuracy", "f1"]')


def without(arrays: dict[str, Array], start: str) -> dict[str, Array]:
    return {name: array for name, array in arrays.items() if not name.startswith(start)}


HARMED: dict[str, tuple[Callable[[dict[str, Array]], dict[str, Array]], dict[str, Any], list[str]]] = {
    "arrays of nobody": (
        lambda arrays: arrays | {"whatever": np.zeros(2), "optimizer/zz/linear1.bias": np.zeros(16, np.float32)},
        {}, ["whatever: the model has no such array", "optimizer/zz/linear1.bias: the model has no such array"],
    ),
    "no average": (
        lambda arrays: without(arrays, "ema/"),
        {}, ["ema/linear1.bias: the model has (16,) float32, the checkpoint no such", "ema/linear2.weight"],
    ),
    "differences everywhere": (
        lambda arrays: without(without(arrays, "ema/"), "model/linear1.b") | {"x": np.zeros(2)},
        {"optimizer": {"type": "SGD", "steps": 0}},
        ["ema/linear1.bias", "model/linear1.bias", "x: the", "optimizer.type: the config has Adam", "optimizer.steps"],
    ),
    "an epoch's start without its average": (lambda arrays: without(arrays, "start/ema/"), {}, ["start/ema/linear1.b"]),
    "a start that is told of nowhere": (lambda arrays: arrays, {"start": None}, ["start/model/linear1.bias: the"]),
    "another optimizer": (
        lambda arrays: arrays, {"optimizer": {"type": "SGD", "steps": 11}}, ["the config has Adam, the checkpoint SGD"],
    ),
    "an optimizer that never began": (
        lambda arrays: arrays, {"optimizer": {"type": "Adam", "steps": 0}}, ["says 0, which cannot be after 15 steps"],
    ),
    "an optimizer ahead of the run": (
        lambda arrays: arrays, {"optimizer": {"type": "Adam", "steps": 2**40}}, ["cannot be after 15 steps"],
    ),
    "counts below zero": (
        lambda arrays: arrays | {n: np.full_like(a, -5) for n, a in arrays.items() if n.startswith("tally/")},
        {}, ["counts below zero"],
    ),
    "counts of bytes": (
        lambda arrays: arrays | {n: a.astype("u1") for n, a in arrays.items() if n.startswith("tally/")},
        {}, ["is of uint8"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("harm", "meta", "words"), HARMED.values(), ids=HARMED.keys())
def test_whatever_is_not_the_runs_own_is_listed_and_nothing_is_written(
    config: Config, harm: Any, meta: dict[str, Any], words: list[str]
) -> None:
    folder = within_epoch(config)
    held = load_checkpoint(folder.last)
    told = {name: value for name, value in (held.meta | meta).items() if value is not None}
    Checkpoint(harm(held.arrays), told).save(folder.last)
    before = tree(Path())
    with pytest.raises(CheckpointError) as caught:
        go_on("latest")
    assert all(one in str(caught.value) for one in words), caught.value
    assert tree(Path()) == before


def test_what_is_whole_goes_on(config: Config) -> None:
    folder = within_epoch(config)
    assert load_checkpoint(folder.last).meta["position"] == 7
    go_on("latest")
    assert load_checkpoint(folder.last).meta["step"] == 16


def test_arrays_of_nobody_are_refused_with_another_config_too(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    edit(folder.last, {"whatever": np.zeros(3), "zz/linear1.bias": np.zeros(3)})
    with pytest.raises(CheckpointError, match=r"(?s)whatever: no checkpoint has such an array.*zz/linear1.bias: no"):
        run(config, "optimizer.args.lr=0.2", run_id="new", resume=folder.last)


def test_a_schedulers_state_of_another_form_is_refused(config: Config) -> None:
    folder = run(config, 'lr_scheduler="ReduceLROnPlateau"', "trainer.epochs=1")
    edit(folder.last, scheduler={"best": "x"})
    with pytest.raises(CheckpointError, match=r"scheduler state is not one of ReduceLROnPlateau: {'best': 'x'}"):
        go_on("latest", "trainer.epochs=2")


def test_a_config_that_is_nested_too_deeply_is_refused(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    deep: dict[str, Any] = {}
    for _ in range(90):
        deep = {"a": deep}
    edit(folder.last, config=deep)
    with pytest.raises(ConfigError, match=r"the config in .*last.npz: is nested deeper than 60 levels"):
        run(config, run_id="new", resume=folder.last)


def test_a_place_beyond_the_epoch_is_refused(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    edit(folder.last, position=8, step=16)
    with pytest.raises(CheckpointError, match=r"is after step 8 of an epoch, which has 8"):
        go_on("latest", "trainer.epochs=3")


def test_all_differences_of_parameters_and_buffers_are_in_one_message(config: Config) -> None:
    linear = {"type": "Linear", "args": {"out_features": 10}}
    arch = {"type": "Sequential", "args": {"layers": ["Flatten", linear, "BatchNorm1D"]}}
    folder = run(config | {"arch": arch}, "trainer.epochs=1")
    edit(folder.last, {"buffer/x": np.zeros(3), "model/y": np.zeros(2)})
    before = tree(Path())
    with pytest.raises(CheckpointError, match=r"(?s)buffer/x: the model has no such.*model/y: the model has no such"):
        go_on("latest", "trainer.epochs=2")
    assert tree(Path()) == before


@pytest.mark.parametrize(
    "held", [{}, {"loss": np.zeros(3), "total": np.array(1.0)}, {"loss": np.array(0.0), "other": np.array(1.0)}]
)
def test_figures_of_an_epoch_of_another_form_are_refused(held: dict[str, Array]) -> None:
    with pytest.raises(CheckpointError, match="figures of the epoch so far"):
        EpochMetrics([], BATCH).load_state_dict(held)


BATCH = np.zeros((2, 3)), np.array([0, 1])
KEPT: dict[str, Array] = {
    "loss": np.array(3.0),
    "total": np.array(4.0),
    "0/counts": np.eye(3, dtype=np.int64),
    "1/scores": np.ones((4, 3)),
    "1/classes": np.array([0, 1, 2, 2]),
}
ODD: dict[str, dict[str, Array]] = {
    "counts that are not square": {"0/counts": np.ones((5, 7), np.int64)},
    "counts of other classes": {"0/counts": np.ones((3,), np.int64)},
    "scores of other classes": {"1/scores": np.ones((4, 5))},
    "scores with another axis": {"1/scores": np.ones((4, 3, 2))},
    "fewer scores than classes": {"1/scores": np.ones((2, 3))},
    "classes that are no numbers of classes": {"1/classes": np.array([0.5, 1, 2, 2])},
    "a loss that is a list": {"loss": np.ones(3)},
}


def gathering() -> EpochMetrics:
    return EpochMetrics([f1(), roc_auc()], BATCH)


@pytest.mark.parametrize("harm", ODD.values(), ids=ODD.keys())
def test_figures_that_metrics_cannot_go_on_from_are_refused(harm: dict[str, Array]) -> None:
    with pytest.raises(CheckpointError, match="figures of the epoch so far"):
        gathering().load_state_dict(KEPT | harm)


def test_trying_figures_leaves_them_as_they_were() -> None:
    epoch_metrics, held = gathering(), {name: array.copy() for name, array in KEPT.items()}
    epoch_metrics.load_state_dict(held)
    assert all(np.array_equal(array, KEPT[name]) for name, array in held.items())
    assert all(np.array_equal(array, KEPT[name]) for name, array in epoch_metrics.state_dict().items())


def test_defaults_that_a_checkpoint_does_not_know_are_no_differences(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    held = load_checkpoint(folder.last).meta["config"]
    del held["trainer"]["on_nonfinite"]
    edit(folder.last, config=held)
    new = run(config, "trainer.epochs=2", "optimizer.args.lr=0.2", run_id="new", resume=folder.last)
    log = (new.log / "run.log").read_text()
    assert "optimizer.args.lr: 0.1 in the checkpoint, now 0.2" in log
    assert "on_nonfinite" not in log


def test_a_config_in_place_of_a_checkpoint_is_told_apart(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    with pytest.raises(CheckpointError, match=r"config.json: .* not an .npz file; a config is given with -c$"):
        plan(None, str(folder.models / "config.json"), [])
