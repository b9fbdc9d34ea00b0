"""Pictures as text within a page, made smaller where there is no room."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_SMALLEST = 0.2  # of its width; less shows nothing
_COLORS = 256


def data_url(png: bytes) -> str:
    """A picture as the address of itself."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def fitted(pngs: Mapping[str, bytes], room: int) -> dict[str, bytes | None]:
    """PNGs by name, which as data URLs take at most `room` characters; None for one that cannot be made so small.

    Those smaller than an equal share stay as they are, and leave more room to the others.
    """
    result: dict[str, bytes | None] = dict.fromkeys(pngs)
    left = room
    for place, name in enumerate(sorted(pngs, key=lambda name: len(pngs[name]))):
        share = left // (len(pngs) - place)
        small = pngs[name] if len(data_url(pngs[name])) <= share else _shrunk(pngs[name], share)
        result[name] = small
        left -= len(data_url(small)) if small else 0
    return result


def size_of(png: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None for what is no whole picture, such as one that is being written."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(png)) as picture:
            picture.load()
            return picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def _shrunk(png: bytes, most: int) -> bytes | None:
    """The picture with fewer colors and then fewer pixels, the first that takes at most so many characters."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        whole = picture.convert("RGB")
    scale = 1.0
    while scale >= _SMALLEST:
        small = _encoded(_scaled(whole, scale))
        size = len(data_url(small))
        if size <= most:
            return small
        scale *= 0.9 * math.sqrt(max(most, 0) / size)  # the size goes with the area
    return None


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return picture if scale == 1 else picture.resize((width, height))


def _encoded(picture: Image.Image) -> bytes:
    from PIL import Image

    held = io.BytesIO()
    picture.quantize(_COLORS, Image.Quantize.FASTOCTREE).save(held, "PNG", optimize=True)
    return held.getvalue()
