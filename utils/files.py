"""Writing the files of a run, and saying clearly when that fails."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from base.errors import WriteError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
_NO_PERMISSION = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_FOR_FOLDERS = {errno.EINVAL, errno.ENOTSUP}  # what network file systems say that cannot flush them
SAVE_DIR = "choose another folder with trainer.save_dir"
OUTPUT = "choose another path with -o"


@contextmanager
def writing(path: Path, other: str = SAVE_DIR) -> Iterator[None]:
    """Turn the system's refusal to write `path` into a WriteError that says what to do; `other` is how to avoid it."""
    try:
        yield
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}; {_advice(error.errno, other)}") from error


@contextmanager
def replacing(path: Path, other: str = SAVE_DIR) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when the block ends, whole and flushed to disk, or not at all.

    Raises WriteError, which advises `other`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with writing(path, other):
        try:
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(path.parent)


def replace_text(path: Path, text: str, other: str = SAVE_DIR) -> None:
    """Write a text file, whole or not at all. Raises WriteError, which advises `other`."""
    with replacing(path, other) as file:
        file.write(text.encode())


def make_folder(folder: Path, other: str = SAVE_DIR) -> None:
    """Make a folder and those above it where they are missing. Raises WriteError, which advises `other`."""
    with writing(folder, other):
        folder.mkdir(parents=True, exist_ok=True)


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _NOT_FOR_FOLDERS:
                raise
        finally:
            os.close(handle)


def _advice(code: int | None, other: str) -> str:
    if code in _NO_SPACE:
        return f"free some space, or {other}"
    if code == errno.EFBIG:
        return f"raise the limit of this shell on the size of files (ulimit -f), or {other}"
    if code in _NO_PERMISSION:
        return f"allow writing there, or {other}"
    return f"see whether the path is right, or {other}"
