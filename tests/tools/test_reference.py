"""docs/reference.md: in step with the code, and complete."""

import subprocess
import sys

import pytest

from tests.running import PROJECT
from tools.reference import FILE, reference
from trainer.search.settings import SearchSettings
from utils.config.annotations import arguments_of
from utils.config.registry import FAMILIES, Target, members
from utils.config.settings import Settings
from utils.config.trainer_settings import TrainerSettings

PAGE = FILE.read_text(encoding="utf-8")
DESCRIBED = [target for family in FAMILIES.values() for target in members(family).values()]
DESCRIBED += [Settings, TrainerSettings, SearchSettings]


def test_the_page_is_in_step_with_the_code() -> None:
    assert reference() == PAGE, "run: python -m tools.reference"


@pytest.mark.parametrize("target", DESCRIBED, ids=lambda target: target.__name__)
def test_everything_is_explained(target: Target) -> None:
    assert target.__doc__
    assert [name for name, argument in arguments_of(target).items() if not argument.text] == []


@pytest.mark.parametrize(
    "row",
    [
        "| `max_pixels` | a whole number of at least 1 | *required* |",
        "| `tsne.layer` | text or null | `null` |",
        "| `groups[].frozen` | true or false | `false` |",
        '| `initializer` | [an initializer](#initializers) | `"HeNormal"` |',
    ],
)
def test_a_row_says_type_range_and_default(row: str) -> None:
    assert row in PAGE


def test_a_name_that_two_families_share_has_two_headings() -> None:
    assert "### Sequential (layer)" in PAGE
    assert "(#sequential-model)" in PAGE


def test_help_writes_nothing() -> None:
    before = FILE.stat().st_mtime_ns
    command = [sys.executable, "-m", "tools.reference", "--help"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, FILE.stat().st_mtime_ns) == (0, before)
    assert "docs/reference.md" in ended.stdout
