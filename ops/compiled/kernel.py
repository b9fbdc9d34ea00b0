"""How a function becomes a kernel, and where compiled code is kept.

Numba's own cache looks at a function's file alone: a change in a kernel that another file calls would not be seen. So
the folder is named by everything that decides the code: all kernels' sources, the versions of Numba and LLVM, the
processor.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba import config, njit

from ops.compiled import target

CACHE_FOLDER = "OPS_CACHE_DIR"  # environment: the folder to keep compiled code in


def cache_folder() -> Path:
    """Where the code compiled from these sources for this processor is kept."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    facts = (sys.version, numba.__version__, llvmlite.__version__, target.cpu_name(), target.cpu_features())
    digest.update(repr((*facts, target.vector_bytes(), target.tile_rows())).encode())
    return _user_cache() / digest.hexdigest()[:16]


def _user_cache() -> Path:
    if asked := os.environ.get(CACHE_FOLDER):
        return Path(asked)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "numpy-template"


def kernel(function: Callable[..., Any]) -> Any:
    """Compile on first use, keep the code on disk, and let go of the interpreter's lock while it runs.

    Division by zero gives inf as in NumPy; there is no fast math, and nothing is contracted: a fused multiply-add is
    made where it is written (`fma`) and nowhere else.
    """
    return njit(cache=True, nogil=True, error_model="numpy")(function)


config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]  # Numba reads it when it decorates
