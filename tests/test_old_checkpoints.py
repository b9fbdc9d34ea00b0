"""Checkpoints of earlier versions are scored, and continue to the bits of the run that was never stopped.

tests/reference/checkpoints holds two of commit 1ca28a4: one between epochs (dropout, momentum, ReduceLROnPlateau), one
within an epoch (batch norm, Adam, moving average, the epoch's start for back_off, metrics so far). digests.json has the
weights that those runs ended with.
"""

import json
from pathlib import Path

import pytest

from tests.every_ops import needs_numba
from tests.running import PROJECT, go_on
from trainer.checkpoints.checkpoint import load_checkpoint
from trainer.score import score

FOLDER = PROJECT / "tests" / "reference" / "checkpoints"
DIGESTS: dict[str, str] = json.loads((FOLDER / "digests.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


@needs_numba
@pytest.mark.parametrize("name", DIGESTS)
def test_training_continues_to_the_same_bits(name: str) -> None:
    go_on(FOLDER / f"{name}.npz", run_id="on")
    assert load_checkpoint(Path("saved") / "models" / f"old_{name}" / "on" / "last.npz").digest == DIGESTS[name]


@pytest.mark.parametrize("name", DIGESTS)
def test_it_is_scored(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    score(None, str(FOLDER / f"{name}.npz"), [], tsne=False)
    assert "accuracy" in capsys.readouterr().out
