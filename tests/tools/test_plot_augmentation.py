"""`python -m tools.plot_augmentation`, as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PROJECT, Config, tree, write_config

pytestmark = pytest.mark.usefixtures("here")


def plot(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it in the current folder, where there is no screen."""
    command = [sys.executable, "-m", "tools.plot_augmentation", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "MPLBACKEND")}
    environment["PYTHONPATH"] = str(PROJECT)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)


def test_the_sheet_is_drawn_into_the_folder_of_the_configs_logs_and_nothing_else_written(config: Config) -> None:
    write_config(config | {"augmentation": [{"type": "RandomRotation", "args": {"degrees": 20}}, "ElasticDeformation"]})
    done = plot("-c", "config.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "8 images, 10 versions of each; drawn in saved/log/tiny/augmentation.png\n"
    assert Path("saved/log/tiny/augmentation.png").read_bytes().startswith(b"\x89PNG")
    assert tree(Path()).keys() == {"config.json", "saved/log/tiny/augmentation.png"}


def test_a_config_without_augmentation_ends_with_2_and_one_message(config: Config) -> None:
    write_config(config)
    done = plot("-c", "config.json", "-o", "sheet.png")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: config.json: augmentation: there is none to draw; give it")
    assert "Traceback" not in done.stderr
    assert tree(Path()).keys() == {"config.json"}
