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
from base.types import Array, Shape
from data_loader.checksums import Checksums
from utils.deflate import check_unpacked_size
from utils.memory import check_memory
from utils.missing_paths import similar

UNSIGNED_BYTE = 0x08
_ELSEWHERE = "; start the program where this path begins, or give the path of the data set's folder"


def read_idx(folder: Path, name: str, axes: int, source: str = "") -> Array:
    """The bytes of an IDX file, as an array with that many axes; the file may be compressed and end in .gz.

    `source` says where to get the file, where it is missing.

    Raises DataError, naming the file, where it is missing, damaged, of another form, or not what SHA256SUMS says.
    """
    path = _find(folder, name, source)
    shape, content = _read(path, axes)
    Checksums(folder).verify(name, content)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def find_idx(folder: Path, name: str) -> Path | None:
    """An IDX file of a folder, if it is there: compressed or not, and also as archives of Kaggle have it.

    They have a dot for the last but one dash, as in train-images.idx3-ubyte, or a folder of the file's name around it.
    """
    names = (name, ".idx".join(name.rsplit("-idx", 1)))
    paths = [folder / inner / f"{own}{end}" for own in names for inner in ("", own) for end in (".gz", "")]
    return next((path for path in paths if path.is_file()), None)


def _find(folder: Path, name: str, source: str) -> Path:
    found = f"\n{source}" if source else ""
    if folder.is_file():
        raise DataError(f"data_loader.args.data_dir: {folder} is a file; give the folder that it lies in")
    if not folder.is_dir():

        def holds(other: Path) -> bool:
            return find_idx(other, name) is not None

        raise DataError(
            f"data_loader.args.data_dir: there is no folder {folder} (looked from {Path.cwd()})"
            f"{similar(folder, holds) or _ELSEWHERE}{found}"
        )
    path = find_idx(folder, name)
    if path is None:
        raise DataError(
            f"{folder}: has neither {name}.gz nor {name}; data_dir must hold the data set's four IDX files{found}"
        )
    return path


def _read(path: Path, axes: int) -> tuple[Shape, bytes]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            header = file.read(4 + 4 * axes)
            shape = _shape(path, header, axes)
            promised = prod(shape)
            _check_size(path, promised)
            content = header + file.read(promised + 1)  # one more shows a file that is too long
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read whole ({error}); it is damaged or cut short, get it again") from error
    if len(content) != len(header) + promised:
        more = "more" if len(content) > len(header) + promised else len(content) - len(header)
        raise DataError(
            f"{path}: its header promises {promised} bytes {shape}, it has {more}; it is damaged, get it again"
        )
    return shape, content


def _shape(path: Path, header: bytes, axes: int) -> Shape:
    magic = bytes([0, 0, UNSIGNED_BYTE, axes])
    if header[:4] != magic:
        raise DataError(
            f"{path}: is not an IDX file of unsigned bytes with {axes} axes: it begins with {header[:4].hex(' ')}, "
            f"expected {magic.hex(' ')}"
        )
    if len(header) < 4 + 4 * axes:
        raise DataError(f"{path}: is cut short within its header, get it again")
    return tuple(int(length) for length in np.frombuffer(header[4:], ">u4"))


def _check_size(path: Path, promised: int) -> None:
    """Raise DataError for a header that the file cannot keep, or memory cannot hold, before any is taken."""
    size = path.stat().st_size
    try:
        if path.suffix == ".gz":
            check_unpacked_size(size, promised)
        elif promised > size:
            raise ValueError(
                f"it should have {promised} bytes, more than a file of {size} bytes can hold; it is damaged"
            )
        check_memory(2 * promised)
    except ValueError as error:
        raise DataError(f"{path}: cannot be read: {error}") from error
