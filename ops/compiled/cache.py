"""Compiled code kept on disk, so that each kernel is compiled once for a processor.

The folder is named by everything that decides the code: the kernels' sources, the versions of Python, Numba and LLVM,
the processor. (Numba's own cache looks at a function's file alone, and misses a change in a kernel that it calls; and
two processes that fill it at once may leave one kernel under another's name.) Each kernel's code is one file, put in
place whole; a file that cannot be read counts as none, a folder that cannot be written is left alone.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import llvmlite
import numba
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult

from ops.compiled import target

CACHE_FOLDER = "OPS_CACHE_DIR"  # environment: the folder to keep compiled code in

with suppress(ImportError):  # not on Windows, where processes that start at once compile at once
    import fcntl


class DiskCache(_Cache):
    """What Numba asks for a kernel's code, and gives it. While one process compiles, others wait for what it makes."""

    compiled = 0
    _depth = 0
    _lock: BinaryIO | None = None

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = f"{function.__module__}.{function.__qualname__}"

    @property
    def cache_path(self) -> str:
        """The folder."""
        return str(cache_folder())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code for some types of arguments; None where it has to be compiled."""
        target_context.refresh()
        found = self._read(sig, target_context)
        if found is None:
            _hold_lock()
            found = self._read(sig, target_context)  # another process may have made it meanwhile
            if found is not None:
                _release_lock()
            else:
                DiskCache.compiled += 1
        return found

    def save_overload(self, sig: Any, data: CompileResult) -> None:
        """Keep code that was just compiled."""
        path = self._path(sig)
        temporary = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            content = pickle.dumps(data._reduce())
            temporary.write_bytes(hashlib.sha256(content).digest() + content)
            temporary.replace(path)
        _release_lock()

    def enable(self) -> None:
        """It is never disabled."""

    def disable(self) -> None:
        """It is never disabled."""

    def flush(self) -> None:
        """Nothing waits to be written."""

    def _path(self, sig: Any) -> Path:
        return cache_folder() / f"{self._name}-{hashlib.sha256(repr(sig).encode()).hexdigest()[:16]}"

    def _read(self, sig: Any, target_context: Any) -> Any:
        with suppress(Exception):  # whatever a damaged file makes of it
            content = self._path(sig).read_bytes()
            if hashlib.sha256(content[32:]).digest() == content[:32]:
                return CompileResult._rebuild(target_context, *pickle.loads(content[32:]))
        return None


@cache
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
    return Path(os.path.expanduser(base)) / "numpy-template"


def _hold_lock() -> None:
    """Wait until no other process compiles; kernels that another calls are compiled within its turn."""
    DiskCache._depth += 1
    if DiskCache._depth > 1 or "fcntl" not in globals():
        return
    with suppress(OSError):
        cache_folder().mkdir(parents=True, exist_ok=True)
        DiskCache._lock = (cache_folder() / ".lock").open("wb")
        fcntl.flock(DiskCache._lock, fcntl.LOCK_EX)


def _release_lock() -> None:
    DiskCache._depth -= 1
    if DiskCache._depth == 0 and DiskCache._lock is not None:
        DiskCache._lock.close()
        DiskCache._lock = None
