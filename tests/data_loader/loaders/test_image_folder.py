"""A folder of images for each class."""

import hashlib
import struct
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from base.errors import DataError
from base.random_streams import RandomStreams
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


def test_test_and_validation_folders_have_classes_of_their_own_which_are_found_by_name(
    root: Path, tmp_path: Path
) -> None:
    for part in ("test", "validation"):
        save(tmp_path / part / "dogs" / "d.png")
    loader = ImageFolderDataLoader(
        str(root), test_dir=str(tmp_path / "test"), validation_dir=str(tmp_path / "validation")
    )
    training, validation = loader.load(RandomStreams(1))
    assert validation
    for data in (validation, loader.load_test(RandomStreams(1))):
        assert (data.classes, data.targets.tolist()) == (("cats", "dogs"), [1])
    assert len(training) == 3
    save(tmp_path / "test" / "cows" / "e.png")
    with pytest.raises(DataError, match=r"'cows', which is none of the 2 classes that were trained on: cats, dogs"):
        loader.load_test(RandomStreams(1))


@pytest.mark.parametrize("part", ["test", "validation"])
def test_a_part_of_another_size_is_refused(part: str, root: Path, tmp_path: Path) -> None:
    save(tmp_path / part / "dogs" / "d.png", PIXELS[:2])
    folders = {f"{part}_dir": str(tmp_path / part)}
    with pytest.raises(
        DataError, match=rf"training sample have shape \(4, 6, 3\), those of a {part} sample \(2, 6, 3\)"
    ):
        ImageFolderDataLoader(str(root), **folders).load(RandomStreams(1))


def test_test_and_validation_folders_are_read_without_the_training_folder(tmp_path: Path) -> None:
    save(tmp_path / "own" / "dogs" / "d.png")
    loader = ImageFolderDataLoader("gone", test_dir=str(tmp_path / "own"), validation_dir=str(tmp_path / "own"))
    validation = loader.read_validation()
    assert validation
    assert loader.read_test().classes == validation.classes == ("dogs",)
    assert ImageFolderDataLoader("gone").read_validation() is None


def test_resizing_in_proportion_needs_a_size() -> None:
    with pytest.raises(ValueError, match="resize_mode is 'crop', but without resize no image is resized"):
        ImageFolderDataLoader("x", resize_mode="crop")


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


def test_all_that_cannot_be_read_is_named_at_once_the_first_ten_and_a_count(root: Path) -> None:
    save(root / "cats" / "large.png", np.zeros((40, 30, 3), np.uint8))
    for number in range(11):
        (root / "dogs" / f"{number:02}.png").write_bytes(b"\x89PNG")
    (root / "cats" / "gone.png").symlink_to("nowhere")
    with pytest.raises(DataError) as caught:
        ImageFolderDataLoader(str(root), max_pixels=1000, resize=(4, 4)).read_training()
    first, *lines = str(caught.value).splitlines()
    assert first == f"{root}: 13 images cannot be used; mend or remove them:"
    assert lines[0] == f"  {root}/cats/gone.png: cannot be read as an image: No such file or directory"
    assert "cats/large.png: cannot be read as an image: it is 30 x 40 pixels, more than the 1,000" in lines[1]
    assert "dogs/07.png: cannot be read as an image: it is no image" in lines[9]
    assert lines[10:] == ["  and 3 more"]


def test_images_of_one_file_that_cannot_be_read_do_not_hide_that_sizes_differ(root: Path) -> None:
    (root / "cats" / "a.png").write_bytes(b"")
    save(root / "dogs" / "tall.png", PIXELS.swapaxes(0, 1))
    with pytest.raises(DataError, match=r"2 images cannot be used; .*\n.*a\.png: .* no image.*\n.*tall\.png: is 6 x 4"):
        ImageFolderDataLoader(str(root)).read_training()


def test_transparency_is_laid_on_the_background_or_told(root: Path) -> None:
    clear = np.zeros((4, 6, 4), np.uint8)
    save(root / "cats" / "logo.png", clear)
    loader = ImageFolderDataLoader(str(root), test_split=0)
    assert (loader.read_training().inputs[1] == 255).all()
    assert loader.notes[1] == (
        f"{root}: transparent in places, and laid on white (1): cats/logo.png; set data_loader.args.background to "
        "a shade, such as 255, or a colour"
    )
    loader = ImageFolderDataLoader(str(root), test_split=0, background=(1, 2, 3))
    assert (loader.read_training().inputs[1] == (1, 2, 3)).all()
    assert not any("transparent" in note for note in loader.notes)
    loader = ImageFolderDataLoader(str(root), test_split=0, background=7, channels=1)
    assert (loader.read_training().inputs[1] == 7).all()


def test_what_was_passed_over_is_noted(root: Path) -> None:
    (root / "empty").mkdir()
    loader = ImageFolderDataLoader(str(root), test_split=0)
    assert loader.read_training().classes == ("cats", "dogs")
    assert loader.notes == [
        f"{root}: passed over, as no image in the folder of a class (2): readme.md, cats/notes.txt",
        f"{root}: folders without images are no classes: empty",
    ]


@pytest.mark.parametrize("resize", [(100, 100), None])
def test_data_that_do_not_fit_memory_are_refused_before_it_is_taken(
    root: Path, resize: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_loader.loaders.image_folder.available_memory", lambda: 215)
    with pytest.raises(
        DataError, match=r"images: 3 images of .* need .* of memory, there are .*; make them smaller by"
    ):
        ImageFolderDataLoader(str(root), resize=resize).read_training()
    monkeypatch.setattr("data_loader.loaders.image_folder.available_memory", lambda: None)
    assert len(ImageFolderDataLoader(str(root), resize=resize, test_split=0).read_training()) == 3


def test_a_large_image_is_refused_from_its_header(tmp_path: Path) -> None:
    path = save(tmp_path / "a" / "large.png")
    content = bytearray(path.read_bytes())
    content[16:24] = struct.pack(">II", 30_000, 20_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    path.write_bytes(content)  # decoding would take 1.7 GiB, and end with too few pixels
    with pytest.raises(DataError, match=r"large\.png: .* it is 30000 x 20000 pixels, more than the 50,000,000"):
        ImageFolderDataLoader(str(tmp_path)).read_training()


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
    with pytest.raises(
        DataError, match=r"a\.tif: cannot be read as an image: its pixels have 32 bits, or 16 with a sign; save"
    ):
        ImageFolderDataLoader(str(tmp_path)).read_training()
