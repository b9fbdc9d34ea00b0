"""Headers of NumPy's .npy format, read without trust in what they say."""

import math
import re
from dataclasses import dataclass
from typing import IO, Literal

import numpy as np

_MOST_BYTES = 10_000  # of a header, as in NumPy
_MOST_AXES = 64  # as in NumPy
_MAGIC = b"\x93NUMPY"
_LENGTHS = {b"\x01\x00": 2, b"\x02\x00": 4, b"\x03\x00": 4}  # bytes of the header's length, by version of the format
_ITEM = re.compile(r"\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([0-9,\s]*\))\s*(?:,|$)")
_TYPE = re.compile(r"'([<>|=]?)(b1|[iu][1248]|f[248]|[SU][1-9][0-9]{0,8})'")
_OTHER_TYPES = {"O": "Python objects, which are never read because that can run code", "c": "complex numbers"}
_OTHER_TYPES |= {"M": "dates", "m": "spans of time", "V": "raw bytes", "[": "records (a structured type)"}


@dataclass(frozen=True)
class Header:
    """The header of a .npy file; whether the file holds as much is for its reader to check."""

    dtype: np.dtype
    shape: tuple[int, ...]
    order: Literal["C", "F"]
    start: int  # where the numbers begin

    @property
    def size(self) -> int:
        """The bytes of the numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __str__(self) -> str:
        return f"{self.shape} {self.dtype}"


def read_header(file: IO[bytes]) -> Header:
    """The header at the beginning of a file of one array of numbers or texts. Raises ValueError for anything else."""
    magic = file.read(len(_MAGIC) + 2)
    length_bytes = _LENGTHS.get(magic[len(_MAGIC) :]) if magic.startswith(_MAGIC) else None
    if length_bytes is None:
        raise ValueError("it is not an .npy array")
    length = int.from_bytes(file.read(length_bytes), "little")
    header = file.read(min(length, _MOST_BYTES)).decode("latin-1").strip()
    if length > _MOST_BYTES or not header.startswith("{") or not header.endswith("}"):
        raise ValueError("it is damaged: its header is none")
    if other := re.search(r"'descr'\s*:\s*(?:'[<>|=]?([OcMmV])|(\[))", header):
        raise ValueError(f"it holds {_OTHER_TYPES[other[1] or other[2]]}; save an array of plain numbers")
    items = _items(header[1:-1])
    shape = tuple(int(length) for length in items["shape"].strip("()").split(",") if length.strip())
    dtype = _dtype(items["descr"])
    if len(shape) > _MOST_AXES or math.prod(length or 1 for length in shape) * max(dtype.itemsize, 1) >= 2**63:
        raise ValueError(f"it is damaged: no array has the shape {str(shape)[:80]}")
    return Header(dtype, shape, "F" if items["fortran_order"] == "True" else "C", len(magic) + length_bytes + length)


def _items(text: str) -> dict[str, str]:
    """The three items of a header, in any order."""
    items, place = {}, 0
    while found := _ITEM.match(text, place):
        items[found[1]] = found[2]
        place = found.end()
    fits = len(items) == 3 and not text[place:].strip() and items["descr"][0] == "'" and items["shape"][0] == "("
    if not fits or items["fortran_order"] not in ("True", "False"):
        raise ValueError(f"it is damaged: its header is {text.strip()[:120]!r}")
    return items


def _dtype(text: str) -> np.dtype:
    try:
        if _TYPE.fullmatch(text):
            return np.dtype(text[1:-1])
    except (TypeError, ValueError):  # texts beyond all bounds
        pass
    raise ValueError(f"it holds numbers of type {text[:20]}, which are not read; save them as float64 or int64")
