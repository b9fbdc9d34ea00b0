"""Versions, machine and command of a run, so that its result can be explained and repeated."""

import json
import platform
import shlex
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy  # noqa: F401 (only a BLAS that is loaded can be asked)
from threadpoolctl import threadpool_info

from utils.cores import cores
from utils.files import read_object, replace_text

_LIBRARIES = ("numpy", "numba", "llvmlite", "scipy", "scikit-learn", "matplotlib", "pyyaml", "tqdm", "threadpoolctl")
_GIT_SECONDS = 2.0
_PROJECT = Path(__file__).resolve().parent.parent


def environment(seed: int, command: Sequence[str], ops: str) -> dict[str, Any]:
    """Versions, machine, operations, BLAS, commit, command line, seed and the present time (UTC)."""
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(command),
        "seed": seed,
        "git": _git(),
        "versions": {"python": platform.python_version(), **library_versions()},
        "platform": platform.platform(),
        "cpu": _cpu(),
        "cores": cores(),
        "ops": ops,
        "blas": _blas(),
    }


def write_environment(folder: Path, contents: dict[str, Any], continued: bool = False) -> None:
    """Write `environment.json`; where a run is continued, below what it began with. Raises WriteError."""
    path = folder / "environment.json"
    first = read_object(path) if continued else {}
    if first and isinstance(before := first.get("continued", []), list):
        contents = first | {"continued": [*before, contents]}
    replace_text(path, json.dumps(contents, indent=2) + "\n")


def library_versions() -> dict[str, str | None]:
    """The installed versions of the libraries that a run uses; None for one that is missing."""
    return {name: _version(name) for name in _LIBRARIES}


def blas_kernel() -> str:
    """The code that matrix products run, such as "openblas Haswell"; another one gives other bits."""
    blas = _blas()
    return f"{blas['name']} {blas['kernel']}"


def _blas() -> dict[str, Any]:
    # SciPy may bring a BLAS of its own; NumPy's was loaded before it.
    info: dict[str, Any] = next((entry for entry in threadpool_info() if entry["user_api"] == "blas"), {})
    return {
        "name": info.get("internal_api", "unknown"),
        "version": info.get("version"),
        "kernel": info.get("architecture", "unknown"),
        "threads": info.get("num_threads"),
    }


@cache  # reading one takes 4 ms
def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _git() -> dict[str, Any] | None:
    """The project's commit and whether files differ from it; None outside a clone or without git."""
    commit, changes = _ask_git("rev-parse", "HEAD"), _ask_git("status", "--porcelain")
    return None if commit is None or changes is None else {"commit": commit, "dirty": changes != ""}


def _ask_git(*words: str) -> str | None:
    command = ["git", "--no-optional-locks", "-C", str(_PROJECT), *words]
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True, timeout=_GIT_SECONDS).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
