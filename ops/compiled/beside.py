"""A second process that compiles while the first does: each takes what the other has not begun."""

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from ops.compiled.cache import CACHE_FOLDER, cache_folder
from ops.compiled.tile import has_panel


def compile_beside(dtype: str) -> None:
    """Start one for a type of numbers, if the tile is missing and there is a core; killed when this process exits."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores < 2 or has_panel(dtype):
        return
    command = [sys.executable, "-m", "ops.compiled", dtype]
    folder = os.path.abspath(cache_folder().parent)
    with suppress(OSError):
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).parents[2],
            env=os.environ | {CACHE_FOLDER: folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(process.kill)
