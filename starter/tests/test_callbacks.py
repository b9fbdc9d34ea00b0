"""The callback writes what it should, when it should."""

from pathlib import Path
from types import SimpleNamespace

from base.monitor import Monitor

from my_project.callbacks import BestEpoch


def test_the_best_epoch_is_in_the_file(tmp_path: Path) -> None:
    trainer = SimpleNamespace(monitor=Monitor("min", "val_loss", patience=None), log_folder=tmp_path)
    for epoch, loss in enumerate((0.5, 0.25, 0.75), 1):
        record = {"epoch": epoch, "val_loss": loss}
        trainer.monitor.update(epoch, record)
        BestEpoch().on_epoch_end(trainer, record)
    assert (tmp_path / "best_epoch.txt").read_text() == "epoch 2\nval_loss 0.25\n"
