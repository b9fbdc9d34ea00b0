"""What a run ran on is recorded truly, and its absence never stops a run."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from base.errors import WriteError
from logger import environment as module
from logger.environment import blas_kernel, environment, library_versions, write_environment
from utils.cores import cores


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_record_says_what_was_run_where_and_when(tmp_path: Path) -> None:
    told = environment(seed=309, command=["train.py", "--set", "name=a b"], ops="NumPy")
    assert told["command"] == "train.py --set 'name=a b'"
    assert told["seed"] == 309
    assert abs(datetime.now(UTC) - datetime.fromisoformat(told["started"])) < timedelta(minutes=1)
    assert told["versions"]["python"] == platform.python_version()
    assert told["versions"]["numpy"] == np.__version__
    assert 1 <= told["cores"] == cores() <= (os.cpu_count() or 1)
    assert told["cpu"]
    write_environment(tmp_path, told)
    assert json.loads((tmp_path / "environment.json").read_text()) == told


def test_a_run_that_is_continued_keeps_what_it_began_with(tmp_path: Path) -> None:
    write_environment(tmp_path, {"started": 1})
    for time in (2, 3):
        write_environment(tmp_path, {"started": time}, continued=True)
    told = json.loads((tmp_path / "environment.json").read_text())
    assert told == {"started": 1, "continued": [{"started": 2}, {"started": 3}]}


@pytest.mark.parametrize("held", [b"", b"[]", b"\xff", b'{"continued": 1}'])
def test_a_record_that_cannot_be_read_is_begun_anew(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "environment.json").write_bytes(held)
    write_environment(tmp_path, {"started": 2}, continued=True)
    assert json.loads((tmp_path / "environment.json").read_text()) == {"started": 2}


def test_the_kernel_is_that_of_numpys_blas(monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = [
        {"user_api": "openmp", "internal_api": "openmp", "num_threads": 2},
        {"user_api": "blas", "internal_api": "openblas", "version": "1", "architecture": "Zen", "num_threads": 2},
        {"user_api": "blas", "internal_api": "openblas", "version": "2", "architecture": "Haswell", "num_threads": 1},
    ]
    monkeypatch.setattr(module, "threadpool_info", lambda: libraries)
    assert blas_kernel() == "openblas Zen"
    told = environment(0, [], "NumPy")["blas"]
    assert told == {"name": "openblas", "version": "1", "kernel": "Zen", "threads": 2}


def test_a_blas_that_cannot_be_asked_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "threadpool_info", list)
    assert blas_kernel() == "unknown unknown"


def test_a_missing_library_is_recorded_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LIBRARIES", ("numpy", "no-such-library"))
    assert library_versions() == {"numpy": np.__version__, "no-such-library": None}


def test_the_commit_is_recorded_and_whether_files_differ_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PROJECT", tmp_path)
    git(tmp_path, "init", "-q")
    assert environment(0, [], "NumPy")["git"] is None  # nothing committed yet
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert environment(0, [], "NumPy")["git"] == {"commit": commit, "dirty": False}
    (tmp_path / "new_layer.py").touch()
    assert environment(0, [], "NumPy")["git"] == {"commit": commit, "dirty": True}


@pytest.mark.parametrize("script", [None, "exit 1", "exec /bin/sleep 9"], ids=["missing", "failing", "hanging"])
def test_a_machine_without_a_usable_git_is_no_error(
    script: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if script is not None:
        (tmp_path / "git").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "_GIT_SECONDS", 0.2)
    assert environment(0, [], "NumPy")["git"] is None


def test_a_folder_that_is_missing_is_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"environment\.json"):
        write_environment(tmp_path / "missing", {})
