"""Available memory."""

import sys
from contextlib import suppress
from pathlib import Path

from utils.cgroup import memory_left

_MEMINFO = Path("/proc/meminfo")


def available_memory() -> int | None:
    """The bytes that can be taken without others being swapped out; None where the system does not say."""
    return min((size for size in (_available(), memory_left()) if size is not None), default=None)


def check_memory(size: int) -> None:
    """Raise ValueError where so many bytes are more than can be taken."""
    available = available_memory()
    if available is not None and size > available:
        raise ValueError(f"it needs {size_text(size)} of memory, there are {size_text(available)}")


def peak_memory() -> int | None:
    """The most bytes that this process, or one that it has waited for, has had; None where the system does not say."""
    if sys.platform == "win32":
        return None
    import resource

    own, other = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(own, other) * (1 if sys.platform == "darwin" else 1024)


def size_text(size: int) -> str:
    """A number of bytes as people say it.

    >>> size_text(512), size_text(3 * 2**30)
    ('0.0 MiB', '3.0 GiB')
    """
    return f"{size / 2**20:.1f} MiB" if size < 2**30 else f"{size / 2**30:,.1f} GiB"


def _available() -> int | None:
    with suppress(OSError, ValueError):
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    return None
