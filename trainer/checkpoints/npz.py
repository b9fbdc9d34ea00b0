"""The .npz files of this project, read without surprises.

Such a file is a ZIP archive that is not compressed, of .npy files. All headers are compared with the sizes in the
directory of the archive before memory is taken, there is one form of header and no other, and nothing is unpickled.
"""

import math
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from base.types import Array

TEXT_BYTES = 2**26  # of a text: far more than any config and its state need
_HEADER_BYTES = 10_000
_DIRECTORY_BYTES = 2**24  # of a quarter of a million names; each takes ten times its bytes of memory
_CHUNK = 2**20
_HEADER = re.compile(
    r"\{'descr': '([<|][biufU][0-9]{1,9})', 'fortran_order': False, "
    r"'shape': \(((?:[0-9]{1,20}, ?)*[0-9]{0,20})\), \} *\n"
)


@dataclass(frozen=True)
class _Member:
    info: zipfile.ZipInfo
    start: int  # where the numbers begin in the .npy file
    dtype: np.dtype
    shape: tuple[int, ...]


def read_npz(path: Path, text: str) -> tuple[dict[str, Array], str]:
    """The arrays of a file, and the text that it holds by the name `text`.

    Raises OSError where the file cannot be opened, ValueError, which says why, where it is of another form or damaged.
    """
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise ValueError("it is not an .npz file")
        try:
            return _read(file, text)
        except ValueError:
            raise
        except Exception as error:  # what zipfile raises for a damaged file has no common base
            raise ValueError(f"it is damaged: {error or type(error).__name__}") from error


def _read(file: BinaryIO, text: str) -> tuple[dict[str, Array], str]:
    size = file.seek(0, 2)
    _check_end(file, size)
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        _check_directory(infos, size)
        members = {info.filename.removesuffix(".npy"): _member(archive, info) for info in infos}
        if text not in members or members[text].dtype.kind != "U" or members[text].shape != ():
            raise ValueError(f"it holds no text {text!r}")
        held = _text(archive, members.pop(text))
        if odd := [name for name, member in members.items() if member.dtype.kind == "U"]:
            raise ValueError(f"{odd[0]!r} holds text where numbers should be")
        return {name: _array(archive, member) for name, member in members.items()}, held


def _check_end(file: BinaryIO, size: int) -> None:
    """Look at how large the directory is said to be before it is read."""
    file.seek(max(size - 98, 0))
    tail = file.read()
    wide, end = tail[-98:-22], tail[-22:]
    if end[:4] != b"PK\5\6":
        raise ValueError("it is damaged: it is cut short, or has something after its end")
    is_wide = wide[:4] == b"PK\6\6" and wide[-20:-16] == b"PK\6\7"  # of numbers that four bytes cannot hold
    length = int.from_bytes(wide[40:48] if is_wide else end[12:16], "little")
    if length > min(_DIRECTORY_BYTES, size):
        raise ValueError(f"it is damaged: it needs {length} bytes to name its arrays")


def _check_directory(infos: list[zipfile.ZipInfo], size: int) -> None:
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        raise ValueError("it is damaged: it holds two arrays of one name")
    for info in infos:
        if not info.filename.endswith(".npy") or not info.filename.isprintable():
            raise ValueError(f"{info.filename[:80]!r} in it is not an array")
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            raise ValueError(f"{info.filename!r} in it is compressed or encrypted, which a checkpoint never is")
        if info.file_size != info.compress_size or info.header_offset < 0:
            raise ValueError(f"it is damaged: two sizes are given for {info.filename!r}")
    if sum(info.file_size for info in infos) > size:
        raise ValueError(f"it is damaged: its arrays should be larger than the whole file of {size} bytes")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    """Position, type and shape of an array, by its header. Raises ValueError where they do not fit its size."""
    with archive.open(info) as file:
        magic = file.read(8)
        wide = magic == b"\x93NUMPY\x02\x00"
        if not wide and magic != b"\x93NUMPY\x01\x00":
            raise ValueError(f"{info.filename!r} in it is not an array")
        length = int.from_bytes(file.read(4 if wide else 2), "little")
        header = file.read(min(length, _HEADER_BYTES)).decode("latin-1")
        start = file.tell()
    found = _HEADER.fullmatch(header)
    if found is None:
        kind = "Python objects, which are never read" if "'|O" in header else "an array in another form"
        raise ValueError(f"{info.filename!r} in it is {kind}: {header.strip()[:120]!r}")
    dtype, shape = np.dtype(found[1]), tuple(int(part) for part in found[2].split(",") if part.strip())
    if math.prod(shape) * dtype.itemsize != info.file_size - start:
        raise ValueError(f"it is damaged: {info.filename!r} should be {shape} {dtype}, has {info.file_size} bytes")
    return _Member(info, start, dtype, shape)


def _text(archive: zipfile.ZipFile, member: _Member) -> str:
    if member.info.file_size > TEXT_BYTES:
        raise ValueError(f"its text is larger than {TEXT_BYTES >> 20} MiB")
    with archive.open(member.info) as file:
        return file.read()[member.start :].decode("utf-32-le").rstrip("\0")


def _array(archive: zipfile.ZipFile, member: _Member) -> Array:
    array = np.empty(member.shape, member.dtype)
    rest = array.reshape(-1).view(np.uint8)
    with archive.open(member.info) as file:
        file.read(member.start)
        while chunk := file.read(_CHUNK):
            rest[: len(chunk)] = np.frombuffer(chunk, np.uint8)
            rest = rest[len(chunk) :]
    if len(rest):
        raise ValueError(f"it is damaged: {member.info.filename!r} is cut short")
    return array
