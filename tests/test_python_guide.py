"""The Python on docs/guides/python.md runs as it stands there."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.running import PROJECT, Config
from trainer.fit import Run

PAGE = (PROJECT / "docs" / "guides" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.usefixtures("no_pictures")
def test_the_blocks_of_the_page_run_one_after_the_other(here: Path, config: Config) -> None:
    shutil.copy(PROJECT / "best.npz", "best.npz")
    Path("config.json").write_text(json.dumps(config), encoding="utf-8")
    random = np.random.default_rng(0)
    names: dict[str, Any] = {
        "images": random.integers(0, 256, (5, 28, 28, 1)).astype(np.uint8),
        "x": random.normal(size=(60, 4)),
        "y": random.integers(0, 3, 60),
    }
    for block in BLOCKS:
        *lines, last = block.strip().splitlines()
        exec(
            compile("\n".join([*lines, last if last.startswith("run = ") else f"shown = {last}"]), "page", "exec"),
            names,
        )
    assert len(names["shown"]) == 2  # the validation accuracy of two epochs
    assert isinstance(names["run"], Run)
    assert len(names["run"].history["val_accuracy"]) == 20


def test_predicting_and_training_take_three_lines_each() -> None:
    for block in BLOCKS[:2]:
        assert len([line for line in block.splitlines() if line]) == 3
