"""A user's own images."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from base.constraints import PositiveInt
from base.dataset import Dataset, all_rows
from base.errors import DataError
from base.types import Array
from data_loader.checksums import Checksums
from data_loader.held_out import HeldOutDataLoader

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".ppm", ".pgm", ".tif", ".tiff", ".webp")


@dataclass(eq=False)
class ImageFolderDataLoader(HeldOutDataLoader):
    """Image files in a folder for each class, root/class/name.png, as torchvision's ImageFolder; from 0 to 1.

    Classes are the folders in alphabetical order; folders within them belong to the class. All images are kept in
    memory, as bytes, to which grey ones of 16 bits are scaled.

    data_dir: the folder of the classes' folders.
    test_dir: a folder of test images in the same form, if any.
    channels: 3 for colour, 1 for shades of grey; images are converted.
    resize: the [height, width] that all images are brought to (null: they must be of one size).
    """

    data_dir: str
    test_dir: str | None = None
    channels: Literal[1, 3] = 3
    resize: tuple[PositiveInt, PositiveInt] | None = None

    def read_whole(self) -> Dataset:
        return self._read(Path(self.data_dir), _classes(Path(self.data_dir)))

    def read_own_test(self) -> Dataset | None:
        return None if self.test_dir is None else self._read(Path(self.test_dir), _classes(Path(self.data_dir)))

    def _read(self, root: Path, classes: list[str]) -> Dataset:
        strange = set(_classes(root)) - set(classes)
        if strange:
            raise DataError(f"{root}: has a folder {min(strange)!r}, but {self.data_dir} has no such class")
        files = [(path, label) for label, name in enumerate(classes) for path in _images(root / name)]
        if not files:
            raise DataError(f"{root}: its folders hold no images ({', '.join(SUFFIXES)})")
        images = self._stacked([path for path, _ in files], root)
        labels = np.array([label for _, label in files], np.int64)
        return Dataset(images, labels, all_rows(files), tuple(classes), divisor=255.0)

    def _stacked(self, paths: list[Path], root: Path) -> Array:
        sums = Checksums(root)
        first = self._image(paths[0], root, sums)
        images = np.empty((len(paths), *first.shape), np.uint8)
        for number, path in enumerate(paths):
            image = self._image(path, root, sums)
            if image.shape != first.shape:
                raise DataError(
                    f"{path}: is {image.shape[0]} x {image.shape[1]} pixels, {paths[0]} {first.shape[0]} x "
                    f"{first.shape[1]}; make them equal, or set data_loader.args.resize to [height, width]"
                )
            images[number] = image
        return images

    def _image(self, path: Path, root: Path, sums: Checksums) -> Array:
        from PIL import Image

        try:
            content = path.read_bytes()
            sums.verify(path.relative_to(root).as_posix(), content)
            with Image.open(io.BytesIO(content)) as image:
                converted = _in_bytes(image).convert("RGB" if self.channels == 3 else "L")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise DataError(f"{path}: cannot be read as an image: {error}") from error
        if self.resize is not None:
            converted = converted.resize(self.resize[::-1], Image.Resampling.BILINEAR)
        return np.asarray(converted).reshape(converted.height, converted.width, self.channels)


def _in_bytes(image: Image.Image) -> Image.Image:
    """An image whose shades of grey have 16 bits with 8, at which Pillow would cut them off; others as they are.

    Raises ValueError for pixels of 32 bits, of which files do not say what is black and what white.
    """
    from PIL import Image

    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PNG", "PPM")):
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise ValueError("its pixels have 32 bits; save it with 8 or 16 bits a channel")
    return image


def _classes(root: Path) -> list[str]:
    if not root.is_dir():
        raise DataError(f"{root}: there is no such folder (looked from {Path.cwd()})")
    names = sorted(path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not names:
        raise DataError(f"{root}: must hold a folder of images for each class, it holds no folder")
    return names


def _images(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
