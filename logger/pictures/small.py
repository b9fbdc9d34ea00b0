"""Pictures for pages that are kept in a repository."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from utils.files import SAVE_DIR, writing

if TYPE_CHECKING:
    from PIL.Image import Image

_COLORS = 256  # a palette: a third of the size
_FEWEST = 32
_SMALLER = 0.85


def copy_small(source: Path, target: Path, other: str = SAVE_DIR, largest: int | None = None) -> None:
    """Copy a PNG with at most 256 colours, and with fewer, and then smaller, until it has at most `largest` bytes.

    Raises WriteError, which advises `other` where that fails.
    """
    from PIL import Image  # only now: a line of usage should not wait for it

    with Image.open(source) as opened:
        image = opened.convert("RGB")
    colors, content = _COLORS, _png(image, _COLORS)
    while largest is not None and len(content) > largest:
        if colors > _FEWEST:
            colors //= 2
        else:
            image = image.resize((round(image.width * _SMALLER), round(image.height * _SMALLER)))
        content = _png(image, colors)
    with writing(target, other):
        target.write_bytes(content)


def _png(image: Image, colors: int) -> bytes:
    file = io.BytesIO()
    image.quantize(colors).save(file, "png", optimize=True)
    return file.getvalue()
