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
from typing import Any, ClassVar

import llvmlite
import numba
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult

from ops.compilation import tell
from ops.compiled import target

CACHE_FOLDER = "OPS_CACHE_DIR"  # environment: the folder to keep compiled code in

with suppress(ImportError):  # not on Windows, where processes that start at once compile at once
    import fcntl


class DiskCache(_Cache):
    """Numba's cache of one kernel on disk. While one process compiles it, others that need it wait."""

    compiled = 0
    _under_way: ClassVar[list[Path]] = []

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
            path = self._path(sig)
            _lock(path)
            found = self._read(sig, target_context)  # another process may have made it meanwhile
            if found is not None:
                _unlock(path)
            else:
                DiskCache._under_way.append(path)
                tell(DiskCache.compiled, goes_on=True)
        return found

    def save_overload(self, sig: Any, data: CompileResult) -> None:
        """Keep code that was just compiled."""
        path = self._path(sig)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            content = pickle.dumps(data._reduce())
            temporary.write_bytes(hashlib.sha256(content).digest() + content)
            temporary.replace(path)
        _unlock(path)
        DiskCache.compiled += 1
        del DiskCache._under_way[DiskCache._under_way.index(path) :]
        tell(DiskCache.compiled, goes_on=bool(DiskCache._under_way))

    @classmethod
    def give_up(cls, begun: int) -> None:
        """Let go of what a failed compilation has begun, after so many that go on."""
        failed = cls._under_way[begun:]
        del cls._under_way[begun:]
        for path in failed:
            _unlock(path)
        if failed:
            tell(cls.compiled, goes_on=begun > 0)

    @classmethod
    def under_way(cls) -> int:
        """The number of kernels being compiled, one within the other."""
        return len(cls._under_way)

    def holds(self, sig: Any) -> bool:
        """True if code for these types of arguments was kept."""
        return self._path(sig).exists()

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
    """The folder of the code compiled from these sources for this processor."""
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


def _lock(path: Path) -> None:
    """Wait until no other process compiles what is kept in this file."""
    if "fcntl" in globals():
        with suppress(OSError):
            fcntl.lockf(_lock_file(), fcntl.LOCK_EX, 1, _place(path))


def _unlock(path: Path) -> None:
    if "fcntl" in globals():
        with suppress(OSError):
            fcntl.lockf(_lock_file(), fcntl.LOCK_UN, 1, _place(path))


@cache
def _lock_file() -> int:
    """A file that each kernel has a byte of; the system lets go of the locks of a process that ends."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    return os.open(cache_folder() / ".lock", os.O_WRONLY | os.O_CREAT, 0o644)


def _place(path: Path) -> int:
    return int.from_bytes(hashlib.sha256(path.name.encode()).digest()[:7], "big")
