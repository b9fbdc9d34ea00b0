"""Kinds of files that paths lead to: images, folders of images, tables, arrays."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal

from base.errors import DataError
from data_loader.class_folders import identity, is_visible

Kind = Literal["image", "table", "npy", "npz", "idx"]

_TABLES = {".csv", ".tsv", ".tab", ".txt", ".data", ".xlsx", ".ods"}  # the last are told to be no text
_MAGIC: tuple[tuple[bytes, Kind], ...] = ((b"\x93NUMPY", "npy"), (b"PK\3\4", "npz"), (b"\0\0\x08", "idx"))


def kind_of(path: Path, endings: Collection[str], other: Kind) -> Kind:
    """The kind of a file by its name's ending or its first bytes, else `other`. Raises DataError."""
    name, ending = path.name.lower(), path.suffix.lower()
    if ending in (".npy", ".npz"):
        return "npy" if ending == ".npy" else "npz"
    if ending in _TABLES:
        return "table"
    if name.removesuffix(".gz").endswith("ubyte"):
        return "idx"
    if ending in endings:
        return "image"
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    return next((kind for magic, kind in _MAGIC if start.startswith(magic)), other)


def images_below(folder: Path, endings: Collection[str], others: list[Path]) -> Iterator[Path]:
    """The image files of a folder and those within it, in order; other files are added to `others`.

    Hidden files are passed over, and no folder is entered twice. Raises DataError.
    """
    waiting, entered = [folder], set()
    while waiting:
        current = waiting.pop()
        try:
            if identity(current) in entered:
                continue
            entered.add(identity(current))
            with os.scandir(current) as entries:
                names = [(entry.name, entry.is_dir()) for entry in entries if is_visible(entry.name)]
        except OSError as error:
            raise DataError(f"{error.filename or current}: cannot be looked into: {error.strerror or error}") from error
        waiting += [current / name for name, is_folder in sorted(names, reverse=True) if is_folder]
        for name in sorted(name for name, is_folder in names if not is_folder):
            path = current / name
            if path.suffix.lower() in endings and (path.is_file() or not path.exists()):
                yield path
            else:
                others.append(path)
