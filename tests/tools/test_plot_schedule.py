"""`python -m tools.plot_schedule`, as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PROJECT, Config, tree, write_config

pytestmark = pytest.mark.usefixtures("here")


def plot(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it in the current folder."""
    command = [sys.executable, "-m", "tools.plot_schedule", *arguments]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)


def test_the_plan_is_drawn_and_nothing_else_written(config: Config) -> None:
    write_config(config)
    scheduler = 'lr_scheduler={"type": "ExponentialLR", "args": {"gamma": 0.5}}'
    done = plot("-c", "config.json", "-o", "rates.png", "--epochs", "3", "--lr", "0.4", "--set", scheduler)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "learning rate: first 0.4, highest 0.4, last 0.1; drawn in rates.png\n"
    assert Path("rates.png").read_bytes().startswith(b"\x89PNG")
    assert tree(Path()).keys() == {"config.json", "rates.png"}


def test_without_an_output_the_plan_is_drawn_beside_the_runs_of_the_config(config: Config) -> None:
    write_config(config)
    done = plot("-c", "config.json", "--set", "name=mine", "--set", "trainer.save_dir=kept")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("drawn in kept/log/mine/schedule.png\n")
    assert tree(Path()).keys() == {"config.json", "kept/log/mine/schedule.png"}


def test_a_scheduler_that_waits_for_results_ends_with_2_and_one_message(config: Config) -> None:
    write_config(config)
    done = plot("-c", "config.json", "--set", "lr_scheduler=ReduceLROnPlateau")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: config.json: lr_scheduler: its rates depend on results")
    assert "Traceback" not in done.stderr
    assert tree(Path()).keys() == {"config.json"}
