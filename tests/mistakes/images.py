"""Image folders with files that cannot be used."""

import struct
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.mistakes.making import CONFIG, Wrong, configured

ROOT = Path("images")


def folder(change: Callable[[], object], **args: Any) -> Callable[[], object]:
    """Let config.json read a folder of two classes with three images each, which is then changed."""

    def prepare() -> None:
        for name in ("cats", "dogs"):
            (ROOT / name).mkdir(parents=True)
            for number in range(3):
                Image.new("RGB", (28, 28), (number, 0, 0)).save(ROOT / name / f"{number}.png")
        change()
        args_ = {"data_dir": str(ROOT), "test_split": 0, "validation_split": 2} | args
        configured(data_loader={"type": "ImageFolderDataLoader", "args": args_})()

    return prepare


def truncated() -> None:
    """Two files are cut short."""
    for path in (ROOT / "cats/1.png", ROOT / "dogs/2.png"):
        path.write_bytes(path.read_bytes()[:60])


def renamed() -> None:
    """All files are of a kind that Pillow does not read."""
    for path in ROOT.rglob("*.png"):
        path.rename(path.with_suffix(".heic"))


def bomb() -> None:
    """A header promises a square of 60,000 pixels a side."""
    path = ROOT / "dogs/0.png"
    content = bytearray(path.read_bytes())
    content[16:24] = struct.pack(">II", 60_000, 60_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    path.write_bytes(content)


def depth() -> None:
    """An image of floats."""
    Image.fromarray(np.ones((28, 28), np.float32)).save(ROOT / "cats/depth.tif")


def tall() -> None:
    """An image of another size."""
    Image.new("RGB", (28, 56)).save(ROOT / "dogs/tall.png")


def unknown_class() -> None:
    """Test images of a class that is not trained on, beside one whose name has another Unicode form."""
    for name in (unicodedata.normalize("NFD", "kühe"), "cats"):
        (Path("more") / name).mkdir(parents=True)
        Image.new("RGB", (28, 28)).save(Path("more") / name / "0.png")


def wrong(name: str, prepare: Callable[[], object], words: str) -> Wrong:
    return Wrong(name, prepare, CONFIG, words)


IMAGES = [
    wrong(
        "several images that cannot be read",
        folder(truncated),
        "error: images: 2 images cannot be used; mend or remove them:",
    ),
    wrong("images of a kind that is not read", folder(renamed), "but others: cats/0.heic, cats/1.heic"),
    wrong(
        "an image that would fill memory", folder(bomb), "images/dogs/0.png: cannot be read as an image: it is 60000 x"
    ),
    wrong(
        "an image of floats",
        folder(depth),
        "images/cats/depth.tif: cannot be read as an image: its pixels have 32 bits",
    ),
    wrong(
        "images of several sizes", folder(tall), "images/dogs/tall.png: is 56 x 28 pixels, images/cats/0.png 28 x 28"
    ),
    wrong("images larger than allowed", folder(lambda: None, max_pixels=700), "error: images: 6 images cannot be used"),
    wrong("images that do not fit memory", folder(lambda: None, resize=[10**6, 10**6]), "of memory, there are"),
    wrong(
        "test images of an unknown class", folder(unknown_class, test_dir="more"), "have 'kühe', which is none of the 2"
    ),
    wrong(
        "validation images beside a split",
        folder(unknown_class, validation_dir="images", validation_split=0.5),
        "there are validation data of their own",
    ),
]
