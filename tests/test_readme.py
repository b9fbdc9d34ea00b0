"""What the README says can be copied and pasted."""

import json
import re
from pathlib import Path

import pytest

from utils.config.registry import FAMILIES, Family, members

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TITLES = {"architectures": "arch", "losses": "loss", "loaders": "data_loader", "schedulers": "lr_scheduler"}
TITLES |= {"regularizers": "regularizer", "optimizers": "optimizer", "samplers": "sampler", "pruners": "pruner"}
BLOCKS = re.findall(r"```\w*\n(.*?)\n```", README, re.DOTALL)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    (command,) = (block for block in BLOCKS if block.endswith("pytest"))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_ci_runs_the_tests_that_need_other_programs_with_the_commands_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (command,) = (block for block in BLOCKS if '-m "' in block)
    assert command in script
    assert "`apt-get update && apt-get install -y chromium postgresql`" in README
    assert "as_root apt-get update && as_root apt-get install -y chromium postgresql" in script


def test_set_up_commands_are_one_line_each() -> None:
    commands = [block for block in BLOCKS if block.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)


def test_the_config_shown_is_the_default_config() -> None:
    (shown,) = (block for block in BLOCKS if block.startswith("{"))
    assert json.loads(shown) == json.loads((ROOT / "config.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.label)
def test_every_public_component_is_named_in_the_row_of_its_family(family: Family) -> None:
    (row,) = re.findall(rf"^\| `?{TITLES.get(family.label, family.label)}`? \|(.*)\|$", README, re.MULTILINE)
    assert [name for name in members(family) if f"`{name}`" not in row] == []
