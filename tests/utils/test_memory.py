"""The memory that is left is what the machine and its limits leave."""

from pathlib import Path

import pytest

from utils import memory


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 4096 kB to take, and no limit."""
    (tmp_path / "meminfo").write_text("MemTotal: 9999 kB\nMemAvailable:    4096 kB\n")
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "memory_left", lambda: None)
    return tmp_path


def test_it_is_what_the_machine_says(files: Path) -> None:
    assert memory.available_memory() == 4096 * 1024


@pytest.mark.parametrize(("limit", "left"), [(800, 800), (2**40, 4096 * 1024)])
def test_a_limit_leaves_less(files: Path, monkeypatch: pytest.MonkeyPatch, limit: int, left: int) -> None:
    monkeypatch.setattr(memory, "memory_left", lambda: limit)
    assert memory.available_memory() == left


@pytest.mark.parametrize("content", ["", "MemAvailable: many kB"])
def test_a_system_that_does_not_say_is_not_guessed_at(files: Path, content: str) -> None:
    (files / "meminfo").write_text(content)
    assert memory.available_memory() is None
    (files / "meminfo").unlink()
    assert memory.available_memory() is None
