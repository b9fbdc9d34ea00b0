"""The README is short and true: commands can be pasted, code and folders are as they stand there."""

import re

import yaml

from tests.running import PROJECT
from trainer.checkpoints.checkpoint import load_checkpoint

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w*\n(.*?)\n```", README, re.DOTALL)
SETUP = [block for block in BLOCKS if block.startswith("python3 -m venv")]
HEADINGS = [
    "Start", "What you see", "Results", "A layer", "Folders", "The config", "Commands", "Digests", "Where to read on",
]  # fmt: skip


def section(heading: str) -> str:
    """What stands below a heading."""
    return README.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def test_it_is_short_and_in_order() -> None:
    assert len(README.splitlines()) <= 150
    assert re.findall("^## (.*)$", README, re.MULTILINE) == HEADINGS


def test_set_up_commands_are_one_line_each() -> None:
    assert len(SETUP) == 2
    assert all("\n" not in command for command in SETUP)


def test_ci_runs_the_test_command() -> None:
    assert SETUP[1] in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_workflow_runs_both_commands_on_three_systems() -> None:
    workflow = yaml.safe_load((PROJECT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["readme"]
    systems, versions = job["strategy"]["matrix"]["os"], job["strategy"]["matrix"]["python"]
    assert [system.partition("-")[0] for system in systems] == ["ubuntu", "macos", "windows"]
    assert versions == ["3.11", "3.12", "3.13", "3.14"]
    on_windows = [command.replace("python3 ", "python ").replace(".venv/bin/", ".venv\\Scripts\\") for command in SETUP]
    assert [step["run"] for step in job["steps"] if "run" in step] == [*SETUP, *on_windows]


def test_the_layer_shown_is_the_code() -> None:
    (block,) = (block for block in BLOCKS if "def backward" in block)
    path, _, code = block.partition("\n")
    source = (PROJECT / path.removeprefix("# ")).read_text(encoding="utf-8")
    pieces = code.split("\n    ...\n")
    assert all(source.count(piece) == 1 for piece in pieces)
    assert source.endswith(pieces[-1] + "\n")


def test_the_folders_shown_are_those_that_there_are() -> None:
    shown = re.findall(r"^(\w+)/ ", section("Folders"), re.MULTILINE)
    made = {"saved", "site", "build", "dist"}
    there = {path.name for path in PROJECT.iterdir() if path.is_dir() and re.fullmatch(r"(?!__)\w+", path.name)}
    assert sorted(shown) == sorted(there - made)


def test_the_digests_shown_are_those_stated_and_that_of_best_npz() -> None:
    last, best = re.findall(r"^digest +last (\w+), best (\w+)$", section("What you see"), re.MULTILINE)[0]
    assert f"of `config.json` has `{last}`" in section("Digests")
    assert load_checkpoint(PROJECT / "best.npz").digest == best


def test_students_read_five_files() -> None:
    paths = re.findall(r"^\d\. \[(\S+)\]\(\1\): ", section("Where to read on"), re.MULTILINE)
    assert len(paths) == 5
    assert all((PROJECT / path).is_file() for path in paths)
