"""NumPy's files, read without pickles and without trust in what they say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from base.errors import DataError
from base.types import Array
from data_loader.checksums import Checksums
from utils.memory import check_memory
from utils.missing_paths import missing
from utils.npy import read_header
from utils.npz import NpzFile

_SHOWN = 10  # names of arrays in a message


def read_npz(path: Path, names: list[str]) -> list[Array]:
    """Arrays of an .npz file. Raises DataError where it cannot be read or has no array of a name."""
    with _reading(path):
        if _begins_with(path, b"\x93NUMPY"):
            raise DataError(f"{path}: is not an .npz file of several arrays; for .npy files use NpyDataLoader")
        with NpzFile(path) as file:
            held = list(file.members)
            for name in names:
                if name not in held:
                    some = ", ".join(map(_shown, held[:_SHOWN])) + (", ..." if len(held) > _SHOWN else "")
                    raise DataError(f"{path}: has no array {name!r}; it has {some or 'none'}")
                if file.header(name).shape == ():
                    raise DataError(f"{path}: array {name!r}: expected an array of samples, got a single value")
            return [file.read(name) for name in names]


def map_npy(path: Path) -> Array:
    """The array of an .npy file as a memory map, of which only what is used is read. Raises DataError."""
    with _reading(path):
        if _begins_with(path, b"PK"):
            raise DataError(f"{path}: is not an .npy file of samples; for .npz files use NpzDataLoader")
        with path.open("rb") as file:
            header, size = read_header(file), file.seek(0, 2)
        if header.shape == ():
            raise DataError(f"{path}: expected an array of samples, got a single value")
        if size != header.start + header.size:
            raise ValueError(f"it is damaged: it should be {header}, but has {size} bytes")
        if not header.size:
            return np.empty(header.shape, header.dtype)
        return np.memmap(path, header.dtype, "r", header.start, header.shape, header.order)


def read_npy(path: Path) -> Array:
    """The array of an .npy file, in memory. Raises DataError."""
    array = map_npy(path)
    with _reading(path):
        check_memory(array.nbytes)
        return np.array(array)


def _shown(name: str) -> str:
    return name if name.isprintable() and len(name) < 80 else repr(name[:80])


def _begins_with(path: Path, magic: bytes) -> bool:
    if not path.is_file():
        raise DataError(f"{path}: {missing(path)}")
    Checksums(path.parent).verify_file(path.name)
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Name the file in messages."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error
    except MemoryError:
        raise DataError(f"{path}: is larger than the memory that is left") from None
