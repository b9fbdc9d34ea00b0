"""Images of a block, decoded by all workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from base.errors import DataError
from base.shared_memory import shared_zeros
from base.types import Array, Shape
from data_loader.image_files import ImageReader

Run = Callable[[Callable[[Any], None], Iterable[Any]], None]  # a function for each task, on any worker

_READ, _TRANSPARENT = 1, 2
_PART = 8  # images of a task
_TURN = threading.Lock()  # of threads: Pillow's limits, and Python's warnings, are switched for all of them


def decode(paths: list[Path], reader: ImageReader, shape: Shape, run: Run) -> tuple[Array, Array, dict[int, str]]:
    """Pixels (N, H, W, C) of images, whether each is transparent, and why some cannot be read, by position."""
    pixels, states = shared_zeros((len(paths), *shape), np.uint8), shared_zeros(len(paths), np.uint8)

    def fill(part: range) -> None:
        for at in part:
            try:
                pixels[at], transparent = read_image(paths[at], reader, shape)
            except DataError:
                continue  # found again below: texts are not shared between processes
            states[at] = _TRANSPARENT if transparent else _READ

    run(fill, [range(start, min(start + _PART, len(paths))) for start in range(0, len(paths), _PART)])
    wrong = {}
    for at in np.flatnonzero(states == 0).tolist():
        try:
            pixels[at], transparent = read_image(paths[at], reader, shape)
        except DataError as error:
            wrong[at] = str(error)
        else:  # it was written to at that moment
            states[at] = _TRANSPARENT if transparent else _READ
    return pixels, states == _TRANSPARENT, wrong


def read_image(path: Path, reader: ImageReader, shape: Shape) -> tuple[Array, bool]:
    """An image's pixels and whether it is transparent. Raises DataError, also for one of another size."""
    try:
        with _TURN, path.open("rb") as file:
            pixels, transparent = reader.read(file, path.suffix)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DataError(f"{path}: cannot be read as an image: {told}") from error
    if pixels.shape != shape:
        height, width = pixels.shape[:2]
        raise DataError(
            f"{path}: is {height} x {width} pixels, the network takes {shape[0]} x {shape[1]}, and its config has no "
            "resize"
        )
    return pixels, transparent
