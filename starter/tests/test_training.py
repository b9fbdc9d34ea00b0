"""The configs train."""

from pathlib import Path

import pytest
from trainer.fit import fit

PROJECT = Path(__file__).parent.parent


@pytest.mark.parametrize("config", ["config.json", "configs/wide.json"])
def test_a_config_learns(config: str, tmp_path: Path) -> None:
    changes = [f"trainer.save_dir={tmp_path}", "trainer.epochs=3", "trainer.pictures=[]", "trainer.report=false"]
    run = fit(PROJECT / config, overrides=changes)
    assert run.history["val_loss"][-1] < run.history["val_loss"][0]
    assert (run.log / "best_epoch.txt").is_file()
