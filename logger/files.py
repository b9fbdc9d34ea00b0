"""Writing the files of a run, and saying clearly when that fails."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from base.errors import WriteError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
_NO_PERMISSION = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write `path` into a WriteError that says what to do."""
    try:
        yield
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}; {_advice(error.errno)}") from error


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing. Raises WriteError."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)


def _advice(code: int | None) -> str:
    other = "choose another folder with trainer.save_dir"
    if code in _NO_SPACE:
        return f"free some space, or {other}"
    if code in _NO_PERMISSION:
        return f"allow writing there, or {other}"
    return f"see whether the path is right, or {other}"
