"""What is not finite is named and answered alike whatever the workers' timing."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from base.errors import NonFiniteError
from base.types import Array
from tests.running import Config, arrays, go_on, meta, same_bits
from tests.trainer.test_recovery import interrupted
from trainer.checkpoints.checkpoint import load_checkpoint
from trainer.checkpoints.run_folder import RunFolder
from trainer.workers.make import make_workers
from trainer.workers.processes import Processes

pytestmark = [
    pytest.mark.usefixtures("here", "no_pictures"),
    pytest.mark.skipif(not isinstance(make_workers(2), Processes), reason="workers are threads here"),
]

STEPS = 8  # an epoch
PLACE = 11
CHANGES = (
    'optimizer={"type": "Adam", "args": {"lr": 0.01}}', "trainer.threads=2", 'trainer.ema={"decay": 0.9}',
    'arch={"type": "CNN", "args": {"channels": [2], "kernel_size": 3, "hidden_sizes": [], "classes": 10, '
    '"batch_norm": true}}',
)  # fmt: skip


def spoilt_run(config: Config, way: str) -> RunFolder:
    """A run within an epoch, whose optimizer's state makes the weights of any step nan."""
    folder = interrupted(config, PLACE, *CHANGES, f"trainer.on_nonfinite={way}")
    held = load_checkpoint(folder.last)
    params_changed = {
        name: array * np.nan for name, array in held.arrays.items() if name.startswith("optimizer/exp_avg/")
    }
    dataclasses.replace(held, arrays=held.arrays | params_changed).save(folder.last)
    return folder


def state(path: Path) -> dict[str, Array]:
    """What a step changes."""
    return {
        name: array for name, array in arrays(path).items() if not name.startswith(("tally/", "batch/", "ema_buffer/"))
    }


@pytest.mark.parametrize(("way", "skipped", "runs"), [("stop", 0, 4), ("skip", 10, 1)])
def test_weights_are_named_and_the_state_before_the_step_is_put_back(
    config: Config, way: str, skipped: int, runs: int
) -> None:
    folder, failed = spoilt_run(config, way), PLACE + skipped
    for number in range(runs):
        copied = RunFolder(folder.save_dir, folder.name, f"copy{number}")
        shutil.copytree(folder.models, copied.models)
        where = f"step {failed % STEPS + 1} of epoch {failed // STEPS + 1}"
        with pytest.raises(NonFiniteError, match=rf"(?s)the weights became .* in {where}, .*in the new weights"):
            go_on(copied.models, "trainer.epochs=4")
        kept = copied.models / "nonfinite.npz"
        assert meta(kept)["step"] == failed
        assert same_bits(state(kept), state(folder.last))
