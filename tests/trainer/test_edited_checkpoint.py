"""A checkpoint that was edited and has a right checksum ends in the clear error."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import CheckpointError
from base.types import Array
from tests.running import Config, go_on, run, tree
from trainer.checkpoint import load_checkpoint
from trainer.resume import plan
from trainer.tally import Tally

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


def edit(path: Path, arrays: dict[str, Array] | None = None, **meta: Any) -> None:
    held = load_checkpoint(path)
    dataclasses.replace(held, arrays=held.arrays | (arrays or {}), meta=held.meta | meta).save(path)


def test_a_schedulers_state_of_another_form_is_refused(config: Config) -> None:
    folder = run(config, 'lr_scheduler="ReduceLROnPlateau"', "trainer.epochs=1")
    edit(folder.last, scheduler={"best": "x"})
    with pytest.raises(CheckpointError, match=r"scheduler state is not one of ReduceLROnPlateau: {'best': 'x'}"):
        go_on("latest", "trainer.epochs=2")


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
        Tally([]).restore(held)


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
