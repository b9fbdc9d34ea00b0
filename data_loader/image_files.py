"""Reading an image file of any kind as bytes of grey or of red, green and blue."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Literal

import numpy as np

from base.types import Array

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 50_000_000  # of an image, unless a user says otherwise: 150 MB of colours
ResizeMode = Literal["stretch", "crop", "pad"]

# What Pillow has endings for and would not read as an image: EPS is a program that it has Ghostscript run; a metafile
# (WMF) is a drawing that only Windows carries out; of a film (MPEG) it knows no more than the size, and of BUFR, GRIB
# and HDF5 no more than the name.
_NOT_READ = {"EPS", "WMF", "MPEG", "BUFR", "GRIB", "HDF5"}
# Shades of 16 bits mean black to white in these alone; those of FITS are an instrument's counts.
_SHADES_OF_16_BITS = {"PNG", "PPM", "TIFF", "JPEG2000"}
_BITS_PER_SAMPLE, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0  # of TIFF


@cache
def formats() -> dict[str, str]:
    """Pillow's format for each ending of a file's name that it reads, plugins of others included."""
    from PIL import Image

    Image.init()
    known = sorted(Image.registered_extensions().items())
    # MPO, a JPEG followed by more of them, is opened as JPEG.
    read = {*Image.OPEN, "MPO"} - _NOT_READ
    return {ending: name for ending, name in known if name in read}


@dataclass(frozen=True)
class ImageReader:
    """Reads images in the form of a data set: its channels and size, and a colour where they are transparent."""

    channels: Literal[1, 3]
    resize: tuple[int, int] | None
    resize_mode: ResizeMode
    background: tuple[int, int, int]
    max_pixels: int

    def read(self, file: BinaryIO, ending: str) -> tuple[Array, bool]:
        """Pixels (height, width, channels) of a file, or of its first frame, and whether any was transparent.

        Raises ValueError, in words, for what is no image, damaged, too large, or has pixels of unknown meaning.
        """
        from PIL import Image, UnidentifiedImageError

        try:
            with _quiet_pillow(), Image.open(file, formats=_tried(ending)) as image:
                self._check_size(image)
                bits = _bits(image)
                image.load()
                opaque, transparent = _on_background(_in_bytes(_upright(image), bits), self.background)
                return self._pixels(opaque), transparent
        except UnidentifiedImageError:
            raise ValueError("it is no image, or damaged at its beginning") from None
        except MemoryError:
            raise ValueError("there is too little memory to decode it") from None
        except Exception as error:  # whatever a damaged file leads to, which Pillow's plugins let pass
            raise ValueError(str(error) or type(error).__name__) from error

    def _check_size(self, image: Image.Image) -> None:
        """Refuse what is too large by its header, and let Pillow hold images within the image to the same limit."""
        from PIL import Image

        if image.width * image.height > self.max_pixels:
            raise ValueError(
                f"it is {image.width} x {image.height} pixels, more than the {self.max_pixels:,} of max_pixels; make it"
                " smaller, or raise data_loader.args.max_pixels"
            )
        Image.MAX_IMAGE_PIXELS = self.max_pixels

    def _pixels(self, image: Image.Image) -> Array:
        image = image.convert("RGB" if self.channels == 3 else "L")
        if self.resize is not None:
            height, width = self.resize
            image = _resized(image, (width, height), self.resize_mode, self.background)
        return np.asarray(image).reshape(image.height, image.width, self.channels)


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Switch Pillow's own limit of pixels off, and its warnings, which are of details that do not change pixels."""
    from PIL import Image

    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _tried(ending: str) -> list[str]:
    """The formats that a file may have: that of its name, then any that is known by its first bytes."""
    from PIL import Image

    own = formats().get(ending.lower())
    signed = [name for name in dict.fromkeys(formats().values()) if name in Image.OPEN and Image.OPEN[name][1]]
    return [own, *signed] if own in Image.OPEN else signed


def _bits(image: Image.Image) -> int:
    """The bits of a sample in the file, which loading forgets where Pillow has no such pixels."""
    if image.format == "TIFF":
        return max(np.atleast_1d(image.tag_v2.get(_BITS_PER_SAMPLE, 1)))  # type: ignore[attr-defined]
    raw = str(image.tile[0][3]) if image.format == "PNG" and image.tile else ""  # type: ignore[attr-defined]
    return next((bits for bits in (16, 4, 2) if f";{bits}" in raw), 8)


def _upright(image: Image.Image) -> Image.Image:
    """The image as a viewer shows it, turned and mirrored as its EXIF data say where they can be read."""
    from PIL import ImageOps

    with suppress(Exception):  # of damaged EXIF data, which viewers ignore too; the pixels are loaded
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _in_bytes(image: Image.Image, bits: int) -> Image.Image:
    """An image of 8 bits a sample, from one of 16, which Pillow would cut off, or of fewer.

    Raises ValueError for pixels of which files do not say what is black and what white, and colours that Pillow cannot
    convert.
    """
    if image.mode == "LAB":
        raise ValueError("its colours are L*a*b*; save it as RGB")
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PNG", "PPM")):
        if image.format not in _SHADES_OF_16_BITS:
            raise ValueError(f"its pixels have 16 bits, of which {image.format} does not say what is white")
        return _shades_in_bytes(image, bits)
    if image.mode in ("I", "F"):
        raise ValueError("its pixels have 32 bits, or 16 with a sign; save it with 8 or 16 bits")
    if image.format == "PNG" and "transparency" in image.info:
        image.info["transparency"] = _in_one_byte(image.info["transparency"], image.mode, bits)
    return image


def _shades_in_bytes(image: Image.Image, bits: int) -> Image.Image:
    from PIL import Image

    shades = np.asarray(image).astype(np.uint32)
    most = 2**bits - 1 if image.format == "TIFF" else 65535
    scaled = (np.minimum(shades, most) * 255 + most // 2) // most
    if image.format == "TIFF" and image.tag_v2.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:  # type: ignore[attr-defined]
        scaled = 255 - scaled
    grey = Image.fromarray(scaled.astype(np.uint8))
    if "transparency" in image.info:
        grey.putalpha(Image.fromarray(np.where(shades == image.info["transparency"], 0, 255).astype(np.uint8)))
    return grey


def _in_one_byte(transparency: object, mode: str, bits: int) -> object:
    """The transparent shade or colour of a PNG, which Pillow gives in the file's bits, in those of its pixels."""
    if mode == "L" and isinstance(transparency, int) and bits < 8:
        return transparency * 255 // (2**bits - 1)
    if mode == "RGB" and isinstance(transparency, tuple) and bits == 16:
        return tuple(shade >> 8 for shade in transparency)
    return transparency


def _on_background(image: Image.Image, background: tuple[int, int, int]) -> tuple[Image.Image, bool]:
    """The image without transparency, and whether it had any."""
    from PIL import Image

    if not image.has_transparency_data:
        return image, False
    coloured = image.convert("RGBA")
    alpha = coloured.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return coloured.convert("RGB"), False
    below = Image.new("RGB", image.size, background)
    below.paste(coloured, mask=alpha)
    return below, True


def _resized(
    image: Image.Image, size: tuple[int, int], mode: ResizeMode, background: tuple[int, int, int]
) -> Image.Image:
    from PIL import Image, ImageOps

    if mode == "stretch":
        return image.resize(size, Image.Resampling.BILINEAR)
    if mode == "crop":
        return ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    scale = min(size[0] / image.width, size[1] / image.height)
    width, height = (max(1, round(scale * extent)) for extent in image.size)
    padded = Image.new("RGB", (1, 1), background).convert(image.mode).resize(size)
    padded.paste(
        image.resize((width, height), Image.Resampling.BILINEAR), ((size[0] - width) // 2, (size[1] - height) // 2)
    )
    return padded
