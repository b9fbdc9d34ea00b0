"""Images beside each other in one."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np

from base.types import Array, Shape
from utils.files import replacing


def are_images(shape: Shape) -> bool:
    """True if samples of this shape are images, grey or RGB."""
    return len(shape) == 3 and shape[2] in (1, 3)


def scaled(images: Array) -> Array:
    """Images from 0, the least of all their numbers, to 1."""
    low, high = images.min(), images.max()
    shown: Array = (images - low) / (high - low or 1)
    return shown


def tiled(images: Array) -> Array:
    """Images (N, H, W, C) from 0 to 1 as bytes, row by row in a square of as many columns as rows.

    >>> tiled(np.zeros((5, 2, 2, 1))).shape
    (6, 6, 3)
    """
    count, height, width, _ = images.shape
    side = math.ceil(math.sqrt(count))
    sheet = np.zeros((side, side, height, width, 3), np.uint8)
    sheet.reshape(-1, height, width, 3)[:count] = (images * 255).round().clip(0, 255)
    return sheet.swapaxes(1, 2).reshape(side * height, side * width, 3)


def png(image: Array) -> bytes:
    """An image (H, W, 3) of bytes as a PNG."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, "png")
    return file.getvalue()


def write_png(path: Path, image: Array) -> None:
    """Write an image (H, W, 3) of bytes. Raises WriteError."""
    with replacing(path) as file:
        file.write(png(image))
