"""Harmed image files in a folder of classes."""

import io
import random
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from base.errors import DataError
from data_loader.loaders.image_folder import ImageFolderDataLoader
from tests.fuzz.harm import harm_bytes

MODES = {
    ".png": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    ".jpg": ("L", "RGB", "CMYK"),
    ".gif": ("L", "P"),
    ".tif": ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "F"),
    ".bmp": ("1", "L", "P", "RGB"),
    ".webp": ("RGB", "RGBA"),
}


def whole_images() -> list[tuple[str, bytes]]:
    """The ending and content of an image of each kind, turned by its EXIF data where there is room for them."""
    return [(ending, _saved(ending, mode)) for ending, modes in MODES.items() for mode in modes]


def read_harmed_images(folder: Path, whole: list[tuple[str, bytes]], draw: random.Random) -> None:
    """Read a folder of some images, the last of them harmed, by drawn settings."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "a").mkdir(parents=True)
    for number in range(draw.randrange(1, 3)):
        ending, content = draw.choice(whole)
        (folder / "a" / f"{number}{ending}").write_bytes(content if number else harm_bytes(content, draw))
    loader = ImageFolderDataLoader(
        str(folder),
        test_split=0,
        channels=draw.choice((1, 3)),
        resize=draw.choice(((5, 4), None)),
        background=draw.choice((None, 0, (1, 2, 3))),
    )
    try:
        loader.read_training()
    except DataError as error:
        if "too little memory" in str(error):
            raise AssertionError("memory was taken before it was known to be there") from error
        raise


def _saved(ending: str, mode: str) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (24, 16, 3)).astype(np.uint8)
    image, exif, content = Image.fromarray(pixels), Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    options = {} if ending in (".gif", ".bmp") else {"exif": exif}
    if mode == "I;16":
        image = Image.fromarray(pixels[..., 0].astype(np.uint16) * 200)
    elif mode == "LAB":
        image = Image.merge("LAB", image.split())
    else:
        image = image.convert(mode)
    image.save(content, Image.registered_extensions()[ending], **options)
    return content.getvalue()
