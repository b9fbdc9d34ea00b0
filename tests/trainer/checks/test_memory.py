"""Long runs need no more memory than short ones."""

import sys
from pathlib import Path

import pytest

from base.types import Array
from tests.running import Config, run
from trainer.update import Update

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

MIB = 2**20


def resident() -> int:
    """The bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ten_thousand_steps_need_no_more_memory_than_the_first_hundred(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply, sizes = Update.apply, {}

    def measured(update: Update, grads: list[Array], lr: float, step: int) -> None:
        apply(update, grads, lr, step)
        if step in (100, 9_999):
            sizes[step] = resident()

    monkeypatch.setattr(Update, "apply", measured)
    changes = ("trainer.len_epoch=500", "trainer.checkpoint_every_steps=90", "arch.args.dropout=0.2")
    alone = ("trainer.epochs=20", "data_loader.args.batch_size=8", "trainer.report=false")
    run(config, *alone, *changes)
    assert sizes[9_999] - sizes[100] < 2 * MIB
