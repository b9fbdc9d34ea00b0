"""NumPy's .npz archives, read without surprises.

Such a file is a ZIP archive of .npy files, stored or deflated. What its directory and its headers say is compared with
the sizes there are, and with the memory there is, before any is taken; nothing is unpickled.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Self

import numpy as np

from base.types import Array
from utils.deflate import check_unpacked_size
from utils.files import open_plain
from utils.memory import check_memory
from utils.npy import Header, read_header

_DIRECTORY_BYTES = 2**24  # of a quarter of a million names; each takes ten times its bytes of memory
_CHUNK = 2**20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # NumPy writes no others, and some take memory at their word
_ENCRYPTED = 0x41  # in the flags of a member


class NpzFile:
    """The arrays of an .npz file by name.

    Making one opens the file, and raises OSError where that fails; all else that is wrong raises ValueError, which says
    why: the file is of another form, damaged, encrypted, or larger than memory.
    """

    def __init__(self, path: Path) -> None:
        self._file = open_plain(path)
        try:
            with _damaged():
                if self._file.read(2) != b"PK":
                    raise ValueError("it is not an .npz file")
                _check_end(self._file)
                self._archive = zipfile.ZipFile(self._file)
            self.members = self._members()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._archive.close()
        self._file.close()

    def _members(self) -> dict[str, zipfile.ZipInfo]:
        """The members that are arrays, by name; other files are passed over."""
        members: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            name = info.filename.removesuffix(".npy")
            if name in members:
                raise ValueError(f"it is damaged: it holds two arrays of one name, {name[:80]!r}")
            if info.filename.endswith(".npy"):
                members[name] = info
        return members

    @property
    def others(self) -> list[str]:
        """The names of members that are no arrays."""
        return [info.filename for info in self._archive.infolist() if not info.filename.endswith(".npy")]

    def is_stored(self, name: str) -> bool:
        """True if an array is neither compressed nor encrypted."""
        info = self.members[name]
        return info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & _ENCRYPTED

    def header(self, name: str) -> Header:
        """The header of an array, which fits the size that it has."""
        info, size = self.members[name], self._file.seek(0, 2)
        with _named(name), _damaged():
            if info.flag_bits & _ENCRYPTED:
                raise ValueError("it is encrypted; save it without a password")
            if info.compress_type not in _METHODS:
                raise ValueError("it is compressed in a way that NumPy never uses; save it with numpy.savez")
            is_stored = info.compress_type == zipfile.ZIP_STORED
            if info.header_offset < 0 or info.compress_size > size or (is_stored and info.file_size > size):
                raise ValueError(f"it is damaged: it should be larger than the whole file of {size} bytes")
            if not is_stored:
                check_unpacked_size(info.compress_size, info.file_size)
            with self._archive.open(info) as file:
                header = read_header(file)
            if header.size != info.file_size - header.start:
                raise ValueError(f"it is damaged: it should be {header}, but has {info.file_size} bytes")
        return header

    def open(self, name: str) -> IO[bytes]:
        """An array as the bytes of an .npy file, of which `header` has told; unpacked as they are read."""
        return self._archive.open(self.members[name])

    def read(self, name: str) -> Array:
        """An array, in memory."""
        header = self.header(name)
        with _named(name), _damaged():
            if header.size > _CHUNK:  # asking the system takes a millisecond
                check_memory(header.size)
            array = np.empty(header.shape, header.dtype, header.order)
            rest = array.reshape(-1, order=header.order).view(np.uint8) if header.size else np.empty(0, np.uint8)
            with self._archive.open(self.members[name]) as file:
                file.read(header.start)
                while chunk := file.read(_CHUNK):
                    rest[: len(chunk)] = np.frombuffer(chunk, np.uint8)
                    rest = rest[len(chunk) :]
            if len(rest):
                raise ValueError("it is damaged: it is cut short")
        return array


def _check_end(file: BinaryIO) -> None:
    """Look at how large the directory is said to be before it is read."""
    size = file.seek(0, 2)
    file.seek(max(size - 98, 0))
    tail = file.read()
    wide, end = tail[-98:-22], tail[-22:]
    if end[:4] != b"PK\5\6":
        raise ValueError("it is damaged: it is cut short, or has something after its end")
    is_wide = wide[:4] == b"PK\6\6" and wide[-20:-16] == b"PK\6\7"  # of numbers that four bytes cannot hold
    length = int.from_bytes(wide[40:48] if is_wide else end[12:16], "little")
    if length > min(_DIRECTORY_BYTES, size):
        raise ValueError(f"it is damaged: it needs {length} bytes to name its arrays")


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Name the array in messages."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"array {name[:80]!r}: {error}") from error


@contextmanager
def _damaged() -> Iterator[None]:
    """Whatever zipfile raises for a damaged file, which has no common base, as a ValueError."""
    try:
        yield
    except (ValueError, MemoryError):
        raise
    except Exception as error:
        raise ValueError(f"it is damaged: {error or type(error).__name__}") from error
