"""A folder of images for each class."""

import hashlib
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from base.errors import DataError
from base.types import Array
from data_loader.loaders.image_folder import ImageFolderDataLoader

PIXELS = np.random.Generator(np.random.Philox(key=1)).integers(0, 256, (4, 6, 3)).astype(np.uint8)


def save(path: Path, pixels: Array = PIXELS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two dogs and a cat, and files that are no images."""
    folder = tmp_path / "images"
    save(folder / "dogs" / "b.png")
    save(folder / "dogs" / "puppies" / "a.PNG", 255 - PIXELS)
    save(folder / "cats" / "c.bmp", PIXELS // 2)
    (folder / "cats" / "notes.txt").write_text("sleeps a lot")
    (folder / ".hidden").mkdir()
    (folder / "readme.md").write_text("not a class")
    return folder


def test_folders_are_classes_and_pixels_are_read_as_they_are(root: Path) -> None:
    data = ImageFolderDataLoader(str(root), test_split=0).read_training()
    assert data.classes == ("cats", "dogs")
    assert data.read_targets(slice(None)).tolist() == [0, 1, 1]
    assert np.array_equal(data.inputs, [PIXELS // 2, PIXELS, 255 - PIXELS])
    out = np.empty((3, 4, 6, 3))
    data.read_inputs(slice(None), out)
    assert np.allclose(out[1], PIXELS / 255)


def test_images_can_be_made_grey_and_resized(root: Path) -> None:
    save(root / "cats" / "large.png", np.full((9, 9), 200, np.uint8))
    data = ImageFolderDataLoader(str(root), channels=1, resize=(2, 3), test_split=0).read_training()
    assert data.input_shape == (2, 3, 1)
    assert (data.inputs[1] == 200).all()


def test_a_test_folder_has_the_classes_of_the_training_folder(root: Path, tmp_path: Path) -> None:
    save(tmp_path / "test" / "dogs" / "d.png")
    loader = ImageFolderDataLoader(str(root), test_dir=str(tmp_path / "test"))
    assert (loader.read_test().classes, loader.read_test().targets.tolist()) == (("cats", "dogs"), [1])
    assert len(loader.read_training()) == 3
    save(tmp_path / "test" / "cows" / "e.png")
    with pytest.raises(DataError, match=r"has a folder 'cows', but .*images has no such class"):
        loader.read_test()


def test_images_of_different_sizes_are_refused_by_name(root: Path) -> None:
    save(root / "dogs" / "tall.png", PIXELS.swapaxes(0, 1))
    with pytest.raises(DataError, match=r"tall\.png: is 6 x 4 pixels, .*c\.bmp 4 x 6; .* set data_loader.args.resize"):
        ImageFolderDataLoader(str(root)).read_training()


@pytest.mark.parametrize("size", [0, 20, 60], ids=["empty", "header", "cut short"])
def test_a_damaged_image_is_refused_by_name(root: Path, size: int) -> None:
    path = root / "dogs" / "b.png"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DataError, match=r"b\.png: cannot be read as an image"):
        ImageFolderDataLoader(str(root)).read_training()


def test_a_folder_that_is_missing_or_holds_no_classes_or_no_images_is_refused(tmp_path: Path) -> None:
    loader = ImageFolderDataLoader(str(tmp_path / "images"))
    with pytest.raises(DataError, match="there is no such folder"):
        loader.read_training()
    (tmp_path / "images").mkdir()
    with pytest.raises(DataError, match="a folder of images for each class"):
        loader.read_training()
    (tmp_path / "images" / "cats").mkdir()
    with pytest.raises(DataError, match="its folders hold no images"):
        loader.read_training()


def test_images_are_held_to_the_folders_checksums(root: Path) -> None:
    names = ("cats/c.bmp", "dogs/b.png", "dogs/puppies/a.PNG")
    lines = [f"{hashlib.sha256((root / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (root / "SHA256SUMS").write_text("".join(lines))
    assert len(ImageFolderDataLoader(str(root), test_split=0).read_training()) == 3
    save(root / "dogs" / "b.png", PIXELS // 3)
    with pytest.raises(DataError, match=r"b\.png: its SHA-256 is"):
        ImageFolderDataLoader(str(root)).read_training()


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.pgm"])
@pytest.mark.parametrize("channels", [1, 3])
def test_shades_of_16_bits_are_scaled_to_bytes(tmp_path: Path, name: str, channels: Literal[1, 3]) -> None:
    shades = np.array([[0, 128, 129, 1000], [32768, 65000, 65406, 65535]], np.uint16)
    save(tmp_path / "grey" / name, shades)
    data = ImageFolderDataLoader(str(tmp_path), channels=channels, test_split=0).read_training()
    assert (data.inputs.dtype, data.input_shape) == (np.uint8, (2, 4, channels))
    assert data.inputs[0, ..., 0].tolist() == [[0, 0, 1, 4], [128, 253, 254, 255]]


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_pixels_of_32_bits_are_refused(tmp_path: Path, dtype: type) -> None:
    save(tmp_path / "grey" / "a.tif", np.ones((2, 2), dtype))
    with pytest.raises(DataError, match=r"a\.tif: cannot be read as an image: its pixels have 32 bits; save it with"):
        ImageFolderDataLoader(str(tmp_path)).read_training()
