"""NumPy's files, read without pickles."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from base.errors import DataError
from base.types import Array
from data_loader.checksums import Checksums


def read_npz(path: Path, names: tuple[str, ...]) -> list[Array]:
    """Arrays of an .npz file. Raises DataError where it cannot be read or has no array of a name."""
    try:
        _check(path)
        with path.open("rb") as file:
            held = np.load(file, allow_pickle=False)
            if not isinstance(held, np.lib.npyio.NpzFile):
                raise DataError(f"{path}: is not an .npz file of several arrays; for .npy files use NpyDataLoader")
            missing = [name for name in names if name not in held.files]
            if missing:
                raise DataError(f"{path}: has no array {missing[0]!r}; it has {', '.join(held.files) or 'none'}")
            return [held[name] for name in names]
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise _unreadable(path, error) from error


def map_npy(path: Path) -> Array:
    """The array of an .npy file as a memory map, of which only what is used is read. Raises DataError."""
    try:
        _check(path)
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(array, np.ndarray) or array.ndim == 0:
        raise DataError(f"{path}: is not an .npy file of samples; for .npz files use NpzDataLoader")
    return array


def _check(path: Path) -> None:
    if not path.is_file():
        raise DataError(f"{path}: there is no such file (looked from {Path.cwd()})")
    Checksums(path.parent).verify_file(path.name)


def _unreadable(path: Path, error: Exception) -> DataError:
    pickled = "it holds Python objects, which are not read because that can run code; save arrays of numbers"
    reason = pickled if "pickle" in str(error) or "Python objects" in str(error) else error
    return DataError(f"{path}: cannot be read: {reason}")
