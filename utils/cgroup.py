"""Limits of the control group that a process runs in: those of a container, or of a batch system's job."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

_MOUNT = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")


def cpu_quota() -> float | None:
    """The processors' worth of time that the process may use; None where nothing limits it."""
    return min(_quotas(), default=None)


def memory_left() -> int | None:
    """The bytes that memory limits leave; None where there is none.

    Cached files count as used though they can be freed, so at least half of a limit is taken to be left.
    """
    return min(_memory(), default=None)


def _quotas() -> Iterator[float]:
    for folder in _folders("cpu"):
        with suppress(OSError, ValueError, ZeroDivisionError):  # no such file, or "max"
            most, every = (folder / "cpu.max").read_text(encoding="ascii").split()
            yield int(most) / int(every)
        with suppress(OSError, ValueError, ZeroDivisionError):
            quota, period = (
                (folder / f"cpu.cfs_{name}_us").read_text(encoding="ascii") for name in ("quota", "period")
            )
            if int(quota) > 0:  # -1 is no limit
                yield int(quota) / int(period)


def _memory() -> Iterator[int]:
    names = (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes"))
    for folder in _folders("memory"):
        for limit, used in names:
            with suppress(OSError, ValueError):
                most = int((folder / limit).read_text(encoding="ascii"))
                yield max(most - int((folder / used).read_text(encoding="ascii")), most // 2)


def _folders(controller: str) -> Iterator[Path]:
    """The folders of the process' group and of those above it, of both versions of control groups."""
    for mount, group in dict.fromkeys(_groups(controller)):
        for path in (group, *group.parents):
            yield mount / path.relative_to("/")


def _groups(controller: str) -> Iterator[tuple[Path, PurePosixPath]]:
    yield from ((mount, PurePosixPath("/")) for mount in (_MOUNT, _MOUNT / controller))  # as a container sees them
    try:
        lines = _MEMBERSHIP.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if path.startswith("/") and (not controllers or controller in controllers.split(",")):
            yield _MOUNT / controllers if controllers else _MOUNT, PurePosixPath(path)
