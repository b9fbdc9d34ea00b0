"""IDX, the file format of MNIST and its relatives.

Two zero bytes, a byte for the type, a byte for the number of axes, each axis' length as a big-endian 32-bit number,
then the data. Source: Y. LeCun, C. Cortes and C. Burges, the MNIST database.
"""

import gzip
import zlib
from math import prod
from pathlib import Path

import numpy as np

from base.errors import DataError
from base.types import Array
from data_loader.checksums import Checksums

UNSIGNED_BYTE = 0x08


def read_idx(folder: Path, name: str, axes: int) -> Array:
    """The bytes of an IDX file, as an array with that many axes; the file may be compressed and end in .gz.

    Raises DataError, naming the file, where it is missing, damaged, of another form, or not what SHA256SUMS says.
    """
    path = _find(folder, name)
    content = _content(path)
    Checksums(folder).verify(name, content)
    return _parse(path, content, axes)


def _find(folder: Path, name: str) -> Path:
    if not folder.is_dir():
        raise DataError(f"data_loader.args.data_dir: there is no folder {folder} (looked from {Path.cwd()})")
    for path in (folder / f"{name}.gz", folder / name):
        if path.is_file():
            return path
    raise DataError(f"{folder}: has neither {name}.gz nor {name}; data_dir must hold the data set's four IDX files")


def _content(path: Path) -> bytes:
    try:
        if path.suffix != ".gz":
            return path.read_bytes()
        with gzip.open(path) as file:
            return file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read whole ({error}); it is damaged or cut short, get it again") from error


def _parse(path: Path, content: bytes, axes: int) -> Array:
    magic = bytes([0, 0, UNSIGNED_BYTE, axes])
    header = len(magic) + 4 * axes
    if content[:4] != magic:
        raise DataError(
            f"{path}: is not an IDX file of unsigned bytes with {axes} axes: it begins with {content[:4].hex(' ')}, "
            f"expected {magic.hex(' ')}"
        )
    shape = tuple(int(length) for length in np.frombuffer(content[4:header].ljust(4 * axes, b"\0"), ">u4"))
    if len(content) != header + prod(shape):
        raise DataError(f"{path}: its header promises {prod(shape)} bytes {shape}, it has {len(content) - header}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
