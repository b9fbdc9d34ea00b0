"""What the README says can be copied and pasted."""

import json
import re
from pathlib import Path

from utils.config.registry import FAMILIES, members

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w*\n(.*?)\n```", README, re.DOTALL)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    (command,) = (block for block in BLOCKS if block.endswith("pytest"))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_ci_runs_the_postgresql_command_of_the_readme() -> None:
    (command,) = (block for block in BLOCKS if block.endswith("pytest -m postgresql"))
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_set_up_commands_are_one_line_each() -> None:
    commands = [block for block in BLOCKS if block.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)


def test_the_config_shown_is_the_default_config() -> None:
    (shown,) = (block for block in BLOCKS if block.startswith("{"))
    assert json.loads(shown) == json.loads((ROOT / "config.json").read_text(encoding="utf-8"))


def test_every_public_component_is_named() -> None:
    missing = [name for family in FAMILIES.values() for name in members(family) if f"`{name}`" not in README]
    assert missing == []
