"""Arrays of .npy, .npz and IDX files, read piece by piece: memory does not grow with the file."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import numpy as np

from base.errors import DataError
from base.types import Array, Shape
from data_loader.class_folders import few
from data_loader.npy import map_npy
from data_loader.unlabelled.blocks import ArrayBlock
from utils.memory import check_memory
from utils.npy import Header, read_header
from utils.npz import NpzFile

_CHUNK = 2**20
_UNSIGNED_BYTE = 0x08  # of IDX


def array_shape(path: Path, kind: str, wanted: str | None) -> Shape:
    """The shape of the array that `array_blocks` reads. Raises DataError."""
    with _opened(path, kind, wanted) as (_, header, _):
        return header.shape


def array_blocks(path: Path, kind: str, wanted: str | None, most_bytes: int, most: int) -> Iterator[ArrayBlock]:
    """The samples of a file, so many at once as have that many bytes.

    `kind` is "npy", "npz" or "idx", `wanted` the name of an .npz file's array of inputs where that is known. Raises
    DataError, also when the end of the file is found to be damaged.
    """
    with _opened(path, kind, wanted) as (file, header, where):
        sample = math.prod(header.shape[1:]) * header.dtype.itemsize
        if header.dtype.kind not in "biuf":
            raise DataError(f"{where}: expected numbers, found {header.dtype}")
        by_columns = _whole(path, kind, wanted) if header.order == "F" and len(header.shape) > 1 else None
        check_memory(sample)
        step = max(1, min(most, most_bytes // max(sample, 1)))
        for start in range(0, header.shape[0], step):
            count = min(step, header.shape[0] - start)
            inputs = np.empty((count, *header.shape[1:]), header.dtype)
            if by_columns is not None:
                inputs[...] = by_columns[start : start + count]
            elif (got := _fill(inputs, file)) < inputs.nbytes:
                raise DataError(f"{where}: is cut short within sample {start + got // sample}, counted from 0")
            yield ArrayBlock(str(path), where, start, inputs)


def _whole(path: Path, kind: str, wanted: str | None) -> Array:
    """An array whose samples are scattered over the file, as one in Fortran order; of .npy files a memory map."""
    if kind == "npy":
        return map_npy(path)
    with NpzFile(path) as archive:
        return archive.read(_chosen(path, archive, wanted))


def _fill(array: Array, file: IO[bytes]) -> int:
    """Read the next bytes of a file into an array; returns how many there were."""
    rest = array.reshape(-1).view(np.uint8).data
    while len(rest) and (content := file.read(min(len(rest), _CHUNK))):
        rest[: len(content)] = content
        rest = rest[len(content) :]
    return array.nbytes - len(rest)


@contextmanager
def _opened(path: Path, kind: str, wanted: str | None) -> Iterator[tuple[IO[bytes], Header, str]]:
    """The file at its first number, what it says of its array, and the words for where it stands."""
    try:
        if kind == "npz":
            with NpzFile(path) as archive:
                name = _chosen(path, archive, wanted)
                header = archive.header(name)
                with archive.open(name) as file:
                    file.read(header.start)
                    yield file, _of_samples(header, str(path)), f"{path}: array {name!r}"
        elif kind == "npy":
            with path.open("rb") as file:
                header = read_header(file)
                if path.stat().st_size != header.start + header.size:
                    raise ValueError(f"it is damaged: it should be {header}, but has {path.stat().st_size} bytes")
                yield file, _of_samples(header, str(path)), str(path)
        else:
            with _unpacked(path) as file:
                yield file, _of_samples(_idx_header(file), str(path)), str(path)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DataError(f"{path}: cannot be read: {told}") from error


def _unpacked(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _of_samples(header: Header, where: str) -> Header:
    if header.shape == ():
        raise DataError(f"{where}: expected an array of samples, got a single value")
    return header


def _chosen(path: Path, archive: NpzFile, wanted: str | None) -> str:
    """The array of inputs: the one of the config's name, or the only one."""
    name, held = wanted or "x", list(archive.members)
    if name in held:
        return name
    if len(held) == 1:
        return held[0]
    if not held:
        others = f", but others: {few(archive.others)}; unpack it, and give what is in it" if archive.others else ""
        raise DataError(f"{path}: holds no arrays{others}")
    raise DataError(f"{path}: has no array {name!r}, the name of the inputs; it has {few(held)}")


def _idx_header(file: IO[bytes]) -> Header:
    magic = file.read(4)
    if len(magic) < 4 or magic[:3] != bytes([0, 0, _UNSIGNED_BYTE]) or not magic[3]:
        raise ValueError(f"it is not an IDX file of unsigned bytes: it begins with {magic.hex(' ')}")
    lengths = file.read(4 * magic[3])
    if len(lengths) < 4 * magic[3]:
        raise ValueError("it is cut short within its header")
    shape = tuple(int(length) for length in np.frombuffer(lengths, ">u4"))
    return Header(np.dtype(np.uint8), shape, "C", 4 + len(lengths))


def finite(inputs: Array) -> Array:
    """For each sample whether all its numbers are finite."""
    rows = inputs.reshape(len(inputs), -1)
    return np.asarray(np.isfinite(rows).all(axis=1)) if rows.dtype.kind == "f" else np.ones(len(rows), bool)
