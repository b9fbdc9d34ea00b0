"""Available memory."""

from contextlib import suppress
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_CGROUPS = (  # the limit of a container or of a cluster's job, and what it uses
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)


def available_memory() -> int | None:
    """The bytes that can be taken without others being swapped out; None where the system does not say."""
    known = [_available()] + [_left(limit, used) for limit, used in _CGROUPS]
    return min((size for size in known if size is not None), default=None)


def check_memory(size: int) -> None:
    """Raise ValueError where so many bytes are more than can be taken."""
    available = available_memory()
    if available is not None and size > available:
        raise ValueError(f"it needs {size_text(size)} of memory, there are {size_text(available)}")


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


def _left(limit: Path, used: Path) -> int | None:
    """The memory that a limit leaves; cached files count as used though they can be freed, so at least half."""
    with suppress(OSError, ValueError):  # no such group, or "max"
        most = int(limit.read_text(encoding="ascii"))
        return max(most - int(used.read_text(encoding="ascii")), most // 2)
    return None
