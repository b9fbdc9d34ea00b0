"""Pages are true: commands and configs pass the programs' own checks; links that MkDocs does not see are alive."""

import json
import re
import shlex
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.running import PROJECT
from trainer.search.settings import RECORD
from utils import command_line
from utils.config.messages import Mistake
from utils.config.parser import ConfigParser

PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
PROGRAMS: dict[str, Callable[[Sequence[str]], Any]] = {
    "train.py": command_line.train_arguments,
    "test.py": command_line.score_arguments,
    "predict.py": command_line.predict_arguments,
    "compare.py": command_line.compare_arguments,
    "new_project.py": command_line.project_arguments,
    "watch.py": command_line.watch_arguments,
    "export.py": command_line.export_arguments,
    "draw.py": command_line.draw_arguments,
    "search.py": command_line.search_arguments,
    "tools.plot_schedule": command_line.schedule_arguments,
    "tools.plot_augmentation": command_line.sheet_arguments,
    "tools.replay": command_line.replay_arguments,
    "tools.report": command_line.report_arguments,
    "tools.schema": command_line.schema_arguments,
    "experiments": command_line.experiments_arguments,
}
BLOCK = re.compile(r"^```(\w*)\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


def name(page: Path) -> str:
    """The page's path, as a test's name."""
    return page.relative_to(PROJECT).as_posix()


def commands(page: Path) -> list[list[str]]:
    """The words after "python" of each command in a block, without comments."""
    lines = [line for _, block in BLOCK.findall(page.read_text(encoding="utf-8")) for line in block.splitlines()]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    return [shlex.split(part, comments=True)[1:] for part in parts if re.match(r"(\.venv/bin/)?python3? ", part)]


def blocks(page: Path) -> list[dict[str, Any]]:
    """The configs and searches of a page."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [
        json.loads(text) if kind == "json" else yaml.safe_load(text) for kind, text in found if kind in ("json", "yaml")
    ]


COMMANDS = [pytest.param(words, id=f"{name(page)}: {' '.join(words)}") for page in PAGES for words in commands(page)]
SETTINGS = [(page, block) for page in PAGES for block in blocks(page)]
CONFIGS = [pytest.param(block, id=name(page)) for page, block in SETTINGS if "extends" in block]
SEARCHES = [pytest.param(block, id=name(page)) for page, block in SETTINGS if "space" in block]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_understood(words: list[str]) -> None:
    program, arguments = (words[1], words[2:]) if words[0] == "-m" else (words[0], words[1:])
    if words[0] == "-m":
        assert find_spec(program)
    if program not in PROGRAMS:
        return
    args = PROGRAMS[program](arguments)
    config = getattr(args, "config", None)
    if config and (PROJECT / config).is_file():
        ConfigParser.from_file(PROJECT / config, args.overrides)


@pytest.mark.parametrize("settings", CONFIGS)
def test_a_config_that_extends_another_passes_the_check(settings: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "shown.json"
    path.write_text(json.dumps(settings | {"extends": str(PROJECT / settings["extends"])}), encoding="utf-8")
    ConfigParser.from_file(path)


@pytest.mark.parametrize("settings", SEARCHES)
def test_a_search_passes_the_check(settings: dict[str, Any]) -> None:
    mistakes: list[Mistake] = []
    RECORD.check(settings, "", mistakes)
    assert mistakes == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_module_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"python -m ([\w.]+)", page.read_text(encoding="utf-8"))
    assert [module for module in named if not find_spec(module)] == []


@pytest.mark.parametrize("page", PAGES[:2], ids=name)
def test_links_of_pages_that_are_not_in_the_site_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_ci_runs_the_tests_that_need_other_programs_with_the_command_of_the_page() -> None:
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (command,) = (block for _, block in BLOCK.findall(page) if '-m "' in block)
    assert command in script
    assert "`apt-get update && apt-get install -y chromium postgresql`" in page
    assert "as_root apt-get update && as_root apt-get install -y chromium postgresql" in script


def test_ci_builds_the_site_with_the_command_of_the_page() -> None:
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (command,) = (block for _, block in BLOCK.findall(page) if "mkdocs" in block)
    assert command in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
