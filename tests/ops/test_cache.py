"""Compiled code on disk: found again, never harmful."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.every_ops import needs_numba
from tests.running import PROJECT

pytestmark = needs_numba

SCRIPT = """
import sys
from pathlib import Path
from ops.compilation import observed_by
from ops.compiled import cache
from ops.compiled.kernel import kernel

def double(x):
    return twice(x) + twice(x)

def one(x):
    return x

twice, told = kernel(one), []
with observed_by(lambda *told_of: told.append(told_of)):
    print(kernel(double)(int(sys.argv[1])), cache.DiskCache.compiled)
if "--told" in sys.argv:
    print(told)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which kernels are kept."""
    monkeypatch.setenv("OPS_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "script.py").write_text(SCRIPT)
    return tmp_path


def start(folder: Path, *options: str) -> "subprocess.Popen[str]":
    """A process that uses two kernels, and prints what they give and how many it compiled."""
    command = [sys.executable, str(folder / "script.py"), "21", *options]
    environment = {"OPS_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(PROJECT), "HOME": str(folder)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def outcome(process: "subprocess.Popen[str]") -> str:
    """What a process printed."""
    printed, errors = process.communicate(timeout=60)
    assert errors == ""
    return printed.strip()


def test_found_again(folder: Path) -> None:
    assert outcome(start(folder)) == "42 2"
    assert outcome(start(folder)) == "42 0"


def test_observers_hear_of_each_kernel_and_of_none_that_is_found(folder: Path) -> None:
    assert outcome(start(folder, "--told")) == "42 2\n[(0, True), (0, True), (1, True), (2, False)]"
    assert outcome(start(folder, "--told")) == "42 0\n[]"


def test_damaged_file_is_compiled_anew(folder: Path) -> None:
    outcome(start(folder))
    files = [path for path in (folder / "cache").rglob("*") if path.is_file() and path.name != ".lock"]
    assert len(files) == 2
    for path in files:
        path.write_bytes(path.read_bytes()[:-1])
    assert outcome(start(folder)) == "42 2"
    assert outcome(start(folder)) == "42 0"


def test_folder_that_cannot_be_made(folder: Path) -> None:
    (folder / "cache").write_text("a file")
    assert outcome(start(folder)) == "42 2"


def test_two_processes_at_once_share_the_work(folder: Path) -> None:
    both = [start(folder), start(folder)]
    numbers = [outcome(process).split() for process in both]
    assert {result for result, _ in numbers} == {"42"}
    assert sum(int(compiled) for _, compiled in numbers) == 2


def test_a_compilation_that_fails_lets_go() -> None:
    from ops.compilation import observed_by
    from ops.compiled.cache import DiskCache
    from ops.compiled.kernel import kernel

    def impossible(x):  # type: ignore[no-untyped-def]
        return x.there_is_no_such_thing

    told: list[bool] = []
    with observed_by(lambda done, goes_on: told.append(goes_on)), pytest.raises(Exception, match="no_such_thing"):
        kernel(impossible)(np.ones(3))
    assert told == [True, False]
    assert DiskCache.under_way() == 0


def test_the_tile_is_there_for_kernels_that_were_kept() -> None:
    script = """
import numpy as np
from ops.compiled.compiled_ops import CompiledOps
ops, x = CompiledOps(), np.ones((1, 2, 2))
print(ops.smooth(x, x[0], x[0], np.empty_like(x)).sum(), ops.linear(x[0], x[0], None, np.empty((2, 2))).sum())
"""
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["16.0", "8.0"]
