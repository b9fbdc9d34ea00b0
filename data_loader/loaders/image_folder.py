"""A user's own images."""

from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from base.constraints import PathText, PositiveInt, Range
from base.dataset import Dataset, SampleNames, all_rows
from base.errors import DataError
from base.types import Array, Shape
from data_loader.checksums import Checksums
from data_loader.class_folders import few, find_images, printable
from data_loader.held_out import HeldOutDataLoader
from data_loader.image_files import MOST_PIXELS, ImageReader, ResizeMode, formats
from utils.memory import available_memory, size_text

Shade = Annotated[int, Range(ge=0, le=255)]
WHITE = 255


@dataclass(eq=False)
class ImageFolderDataLoader(HeldOutDataLoader):
    """Image files in a folder for each class, root/class/name.png, as torchvision's ImageFolder; from 0 to 1.

    Classes are the folders in alphabetical order; folders within them belong to the class. Every kind of image that
    Pillow reads is read, of animated ones the first frame, turned as its EXIF data say. All images are kept in memory,
    as bytes, to which those of 16 bits are scaled. Hidden files and folders are passed over, and so are files that are
    no images and folders without any, of which a warning tells.

    data_dir: the folder of the classes' folders.
    test_dir: a folder of test images in the same form, if any.
    validation_dir: a folder of validation images in the same form, if any.
    channels: 3 for colour, 1 for shades of grey; images are converted.
    resize: the [height, width] that all images are brought to (null: they must be of one size).
    resize_mode: whether resize changes the proportions of an image ("stretch"), or cuts off what is beyond those asked
        for, evenly on both sides ("crop"), or fills what is missing with the background ("pad").
    background: what transparent images are laid on, a shade from 0 to 255 or a colour [red, green, blue] (null: white,
        and a warning where there are such images).
    max_pixels: the most pixels that an image may have; larger ones are refused before they take memory.
    """

    data_dir: PathText
    test_dir: PathText | None = None
    validation_dir: PathText | None = None
    channels: Literal[1, 3] = 3
    resize: tuple[PositiveInt, PositiveInt] | None = None
    resize_mode: ResizeMode = "stretch"
    background: Shade | tuple[Shade, Shade, Shade] | None = None
    max_pixels: PositiveInt = MOST_PIXELS

    def __post_init__(self) -> None:
        if self.resize_mode != "stretch" and self.resize is None:
            raise ValueError(f"resize_mode is {self.resize_mode!r}, but without resize no image is resized; give both")

    def read_whole(self) -> Dataset:
        return self._read(Path(self.data_dir))

    def read_own_test(self) -> Dataset | None:
        return None if self.test_dir is None else self._read(Path(self.test_dir))

    def read_validation(self) -> Dataset | None:
        return None if self.validation_dir is None else self._read(Path(self.validation_dir))

    def reader(self) -> ImageReader:
        """The reader of images, which brings them to one form."""
        shades = WHITE if self.background is None else self.background
        red, green, blue = (shades,) * 3 if isinstance(shades, int) else shades  # from JSON, a list
        return ImageReader(self.channels, self.resize, self.resize_mode, (red, green, blue), self.max_pixels)

    def decoding(self) -> str:
        shades = "white" if self.background is None else f"{self.background}"
        told = (
            "Images (height, width, channels) of bytes: as Pillow decodes them, the first frame, turned as EXIF data "
            f"say (ImageOps.exif_transpose), on {shades} where they are transparent, 16 bits scaled to 8, converted to "
            f"{'RGB' if self.channels == 3 else 'L'}"
        )
        if self.resize is None:
            return f"{told}, of the one size that training images had"
        how = {
            "stretch": "by Image.resize",
            "crop": "by ImageOps.fit, which cuts off what is beyond these proportions",
            "pad": f"within these proportions, the rest {shades}",
        }[self.resize_mode]
        height, width = self.resize
        return f"{told}, brought to height {height} and width {width} {how} with Resampling.BILINEAR"

    def _read(self, root: Path) -> Dataset:
        found = find_images(root, formats())
        self.notes += found.notes
        files = [path for paths in found.images.values() for path in paths]
        images, names = self._stacked(files, root), [printable(path.relative_to(root).as_posix()) for path in files]
        counts = [len(paths) for paths in found.images.values()]
        labels = np.repeat(np.arange(len(counts)), counts)
        classes, named = tuple(found.images), SampleNames("file", names)
        return Dataset(images, labels, all_rows(images), classes, divisor=255.0, names=named)

    def _stacked(self, paths: list[Path], root: Path) -> Array:
        """All images in one array. Raises DataError that names all that cannot be read, or one of another size."""
        sums, reader = Checksums(root), self.reader()
        images = None if self.resize is None else _allocated(len(paths), (*self.resize, self.channels), root)
        first, wrong, transparent = paths[0], list[str](), list[Path]()
        for number, path in enumerate(paths):
            try:
                image, shows = _read_image(path, root, sums, reader)
            except DataError as error:
                wrong.append(str(error))
                continue
            if images is None:
                images, first = _allocated(len(paths), image.shape, root), path
            if image.shape != images.shape[1:]:
                wrong.append(_other_size(path, image.shape, first, images.shape[1:]))
                break  # many will be; it takes one setting
            images[number] = image
            transparent += [path] if shows else []
        if wrong or images is None:
            raise DataError(_all_wrong(wrong, root))
        self._tell_of_transparency(transparent, root)
        return images

    def _tell_of_transparency(self, transparent: list[Path], root: Path) -> None:
        if transparent and self.background is None:
            names = few([path.relative_to(root) for path in transparent])
            self.notes.append(
                f"{root}: transparent in places, and laid on white ({len(transparent)}): {names}; set "
                "data_loader.args.background to a shade, such as 255, or a colour"
            )


def _read_image(path: Path, root: Path, sums: Checksums, reader: ImageReader) -> tuple[Array, bool]:
    try:
        sums.verify_file(path.relative_to(root).as_posix())
        with path.open("rb") as file:
            return reader.read(file, path.suffix)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DataError(f"{path}: cannot be read as an image: {words}") from error


def _allocated(count: int, shape: Shape, root: Path) -> Array:
    need, available = count * prod(shape), available_memory()
    if available is not None and need > available:
        raise DataError(
            f"{root}: {count} images of {' x '.join(map(str, shape))} need {size_text(need)} of memory, there are "
            f"{size_text(available)}; make them smaller by data_loader.args.resize"
        )
    return np.empty((count, *shape), np.uint8)


def _other_size(path: Path, shape: Shape, first: Path, expected: Shape) -> str:
    return (
        f"{path}: is {shape[0]} x {shape[1]} pixels, {first} {expected[0]} x {expected[1]}; make them equal, or set "
        "data_loader.args.resize to [height, width]"
    )


def _all_wrong(reasons: list[str], root: Path) -> str:
    if len(reasons) == 1:
        return reasons[0]
    return f"{root}: {len(reasons)} images cannot be used; mend or remove them:\n  {few(reasons, apart=chr(10) + '  ')}"
