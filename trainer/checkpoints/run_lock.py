"""A lock file: one process at a time trains in a run's folder."""

from __future__ import annotations

import errno
import itertools
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from base.errors import UserError
from utils.files import open_descriptor, open_plain, read_plain, writing
from utils.shell import shell_command

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

NAME = ".lock"
_HOLDER = 200  # bytes that tell who holds it
_HELD = {errno.EACCES, errno.EAGAIN}
_GLANCES, _GLANCE_SECONDS = 3, 0.02  # `is_trained_in` of another program may hold the lock at this moment
_CANNOT_LOCK = {errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS}  # some network file systems


@contextmanager
def training_in(models: Path) -> Iterator[None]:
    """Context manager: no other process trains in this folder. Raises UserError where one does, WriteError.

    The lock is one of POSIX: the system takes it back however the process ends, so a file that a killed one left
    means nothing, and forked workers do not inherit it, so it does not outlive the process that writes.
    """
    path = models / NAME
    handle = _create(path) if fcntl is None else _lock(path)
    try:
        with writing(path):
            os.truncate(handle, 0)
            os.write(handle, f"process {os.getpid()} on {platform.node()}".encode())
        yield
    finally:
        if fcntl is not None:
            _remove(path)  # still locked: who opened it meanwhile finds that it is no longer the file of that name
        os.close(handle)
        if fcntl is None:
            _remove(path)  # Windows does not remove what is open


def is_trained_in(models: Path) -> bool:
    """True if a process trains in this folder now."""
    try:
        with open_plain(models / NAME) as file:
            if fcntl is not None:
                fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _HELD and os.access(models / NAME, os.R_OK)
    return fcntl is None


def _lock(path: Path) -> int:
    for attempt in itertools.count(1):
        with writing(path):
            handle = open_descriptor(path, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD and attempt <= _GLANCES:
                os.close(handle)
                time.sleep(_GLANCE_SECONDS)
                continue
            if error.errno not in _CANNOT_LOCK:
                holder = os.read(handle, _HOLDER).decode(errors="replace")
                os.close(handle)
                raise _refusal(path, holder, error) from None
        if _is(path, handle):
            return handle
        os.close(handle)
    raise AssertionError


def _refusal(path: Path, holder: str, error: OSError) -> UserError:
    who = holder or "another process"
    if error.errno not in _HELD:
        return UserError(f"{path}: cannot be locked: {error.strerror}")
    return UserError(
        f"{path.parent}: {who} trains there, and two would spoil each other's files; wait until it has ended or stop "
        f"it, or start a run of its own: {shell_command('python', 'train.py', '-c', path.parent / 'config.json')}"
    )


def _create(path: Path) -> int:
    """The lock where the system has no better: the file itself, which a killed process leaves behind."""
    with writing(path):
        try:
            return open_descriptor(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            holder = read_plain(path)[:_HOLDER].decode(errors="replace")
    raise UserError(
        f"{path.parent}: {holder or 'another process'} trains there; where it has ended without a word, delete {path}"
    )


def _is(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):  # what is left does no harm, and the folder may be gone
        path.unlink()
