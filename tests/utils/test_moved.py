"""Programs that moved say where they went."""

import subprocess
import sys

import pytest

from tests.running import PROJECT

MOVED = {
    "utils.report": "tools.report",
    "utils.replay": "tools.replay",
    "utils.plot_schedule": "tools.plot_schedule",
    "utils.plot_augmentation": "tools.plot_augmentation",
    "utils.experiments": "experiments",
    "utils.gallery": "tools.gallery",
    "utils.config.schema": "tools.schema",
}


@pytest.mark.parametrize(("old", "new"), MOVED.items())
def test_an_old_name_says_the_new_one(old: str, new: str) -> None:
    ended = subprocess.run([sys.executable, "-m", old, "run"], cwd=PROJECT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (2, f"error: {old} is now {new}: python -m {new} run\n")
