"""A checkpoint whose checksum is right and whose numbers are odd is refused in words."""

from pathlib import Path
from typing import Any

import pytest

from base.errors import CheckpointError
from tests.trainer.stored import ARRAYS, META
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.metadata import fits, mistakes_in

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "negative epoch": ({"epoch": -1}, "epoch: expected a whole number of at least 0 .*, got -1"),
    "step a float": ({"step": 12.0}, r"step: expected a whole number .*, got 12.0"),
    "epoch true": ({"epoch": True}, "epoch: expected a whole number"),
    "too few steps": ({"step": 2}, "2 steps are too few for 3 epochs"),
    "position": ({"position": 10}, "12 steps are too few for 3 epochs and 10 steps"),
    "history": ({"history_lines": 4}, "a history of 4 lines is too long for 3 epochs"),
    "config": ({"config": []}, "config: is missing or no object"),
    "scheduler": ({"scheduler": 3}, "scheduler: is missing or no object"),
    "best a text": ({"monitor": {"best": "x", "best_epoch": 1, "stale": 0}}, "monitor.best: expected a number or null"),
    "no patience": ({"monitor": {"best": 1.0, "best_epoch": 1}}, "monitor.stale: is missing"),
    "optimizer": ({"optimizer": {"type": "SGD", "steps": -3}}, "optimizer.steps: expected"),
    "factor": ({"rate_factor": 2.0}, "rate_factor: expected"),
    "seconds": ({"seconds": float("nan")}, "seconds: expected"),
    "more steps than there can be": ({"step": 2**63 - 1}, "step: expected"),
    "seconds of longer than there are clocks": ({"seconds": 1e300}, "seconds: expected"),
    "a best of no epoch": ({"monitor": {"best": 1.0, "best_epoch": None, "stale": 0}}, "best and best_epoch belong"),
    "a best of later": ({"monitor": {"best": 1.0, "best_epoch": 4, "stale": 0}}, "later epochs than the 3 that are"),
    "start": ({"start": META | {"epoch": -1}}, "start.epoch: expected"),
    "start a list": ({"start": []}, "start: is no object"),
    "log": ({"log_bytes": 2**70}, "log_bytes: expected"),
}


@pytest.mark.parametrize(("change", "words"), WRONG.values(), ids=WRONG.keys())
def test_odd_numbers_are_refused_by_name(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = tmp_path / "x.npz"
    Checkpoint(ARRAYS, META | change).save(path)
    with pytest.raises(CheckpointError, match=words) as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)


def test_every_mistake_is_listed() -> None:
    assert {mistake.path for mistake in mistakes_in({"epoch": 1, "step": "x"}, {})} == {
        "step", "monitor", "optimizer", "history_lines", "config",
    }  # fmt: skip


def test_an_infinite_figure_may_be_the_best() -> None:
    assert not mistakes_in(META | {"monitor": {"best": float("-inf"), "best_epoch": 1, "stale": 0}}, {})


@pytest.mark.parametrize(
    ("state", "fit"),
    [
        ({"best": None, "count": 3}, True),
        ({"best": 0.5, "count": 0}, True),
        ({"best": 0.5, "count": -1}, False),
        ({"best": 0.5, "count": True}, False),
        ({"best": "x", "count": 0}, False),
        ({"best": 0.5}, False),
        ([], False),
    ],
)
def test_a_components_state_has_the_form_of_a_new_ones(state: Any, fit: bool) -> None:
    assert fits(state, {"best": None, "count": 0}) is fit
