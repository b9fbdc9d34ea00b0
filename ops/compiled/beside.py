"""A second process that compiles while the first does: each takes what the other has not begun."""

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def compile_beside(dtype: str) -> None:
    """Start one for a type of numbers, where there is a core for it; it ends with this process at the latest."""
    if (os.cpu_count() or 1) < 2:
        return
    command = [sys.executable, "-m", "ops.compiled", dtype]
    with suppress(OSError):
        process = subprocess.Popen(
            command, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        atexit.register(process.kill)
