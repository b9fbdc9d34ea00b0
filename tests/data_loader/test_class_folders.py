"""Finding the images of each class."""

import os
import sys
import unicodedata
from pathlib import Path

import pytest

from base.errors import DataError
from data_loader.class_folders import ClassFolders, find_images

ENDINGS = {".png", ".jpg"}
any_name = pytest.mark.skipif(sys.platform != "linux", reason="file systems elsewhere change or refuse names")


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")


def found(root: Path) -> tuple[dict[str, list[str]], list[str]]:
    """The files of each class, and the notes, without the folder's name."""
    result: ClassFolders = find_images(root, ENDINGS)
    names = {name: [path.relative_to(root).as_posix() for path in paths] for name, paths in result.images.items()}
    return names, [note.removeprefix(f"{root}: ") for note in result.notes]


def test_folders_are_classes_in_order_with_all_below_them(tmp_path: Path) -> None:
    write(tmp_path, "dogs/b.PNG", "dogs/a/c.jpg", "dogs/a.png", "cats/d.png")
    assert found(tmp_path) == ({"cats": ["cats/d.png"], "dogs": ["dogs/a/c.jpg", "dogs/a.png", "dogs/b.PNG"]}, [])


@pytest.mark.parametrize(
    "leftover",
    [
        ".hidden.png", "._a.png", "Thumbs.db", "desktop.ini", ".DS_Store", ".ipynb_checkpoints/a-checkpoint.png",
        "__MACOSX/cats/._a.png", "__MACOSX/a.png", "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg", "$RECYCLE.BIN/x.png",
        "#recycle/a.png",
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["", "cats/"])
def test_leftovers_are_passed_over_in_silence(tmp_path: Path, leftover: str, where: str) -> None:
    write(tmp_path, "cats/a.png", where + leftover)
    assert found(tmp_path) == ({"cats": ["cats/a.png"]}, [])


def test_a_hidden_folder_may_hold_the_classes(tmp_path: Path) -> None:
    write(tmp_path, ".cache/cats/a.png")
    assert found(tmp_path / ".cache")[0] == {"cats": ["cats/a.png"]}


def test_other_files_are_counted_and_the_first_named(tmp_path: Path) -> None:
    write(tmp_path, "cats/a.png", "cats/noend", "beside.png", "SHA256SUMS", *(f"cats/{i:02}.heic" for i in range(12)))
    _, notes = found(tmp_path)
    assert notes == [
        "passed over, as no image in the folder of a class (14): beside.png, "
        f"{', '.join(f'cats/{i:02}.heic' for i in range(9))} and 4 more"
    ]


def test_folders_without_images_are_named_and_are_no_classes(tmp_path: Path) -> None:
    write(tmp_path, "cats/a.png", "notes/b.txt", "dogs/.gitkeep")
    (tmp_path / "runs" / "deep").mkdir(parents=True)
    classes, notes = found(tmp_path)
    assert [*classes] == ["cats"]
    assert notes[1] == "folders without images are no classes: dogs, notes, runs"


@any_name
def test_names_that_differ_in_unicode_form_alone_are_one_class(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Bär") for form in ("NFC", "NFD"))
    write(tmp_path, f"{composed}/a.png", f"{decomposed}/b.png", "Zebra/c.png")
    classes, notes = found(tmp_path)
    assert [(name, len(paths)) for name, paths in classes.items()] == [(composed, 2), ("Zebra", 1)]
    assert not notes


def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    write(tmp_path, "store/x/a.png", "store/b.png")
    (tmp_path / "root" / "dogs").mkdir(parents=True)
    (tmp_path / "root" / "cats").symlink_to(tmp_path / "store" / "x")
    (tmp_path / "root" / "dogs" / "b.png").symlink_to(tmp_path / "store" / "b.png")
    assert found(tmp_path / "root") == ({"cats": ["cats/a.png"], "dogs": ["dogs/b.png"]}, [])


@pytest.mark.parametrize("target", ["..", ".", "../..", "../dogs", "../dogs/puppies", "other"])
def test_a_link_to_a_folder_that_is_read_already_is_named_and_not_followed(tmp_path: Path, target: str) -> None:
    root = tmp_path / "root"
    write(root, "cats/a.png", "cats/other/b.png", "dogs/puppies/c.png")
    (root / "cats" / "again").symlink_to(target)
    classes, notes = found(root)
    link = "cats/again/root" if target == "../.." else "cats/again"  # by the parent of the root
    assert notes == [f"not entered again, as links to folders that are read already (1): {link}"]
    assert classes == {"cats": ["cats/a.png", "cats/other/b.png"], "dogs": ["dogs/puppies/c.png"]}


def test_two_links_to_one_folder_are_followed_once(tmp_path: Path) -> None:
    write(tmp_path, "store/a.png")
    (tmp_path / "root" / "cats").mkdir(parents=True)
    for name in ("cats/one", "cats/two", "dogs"):
        (tmp_path / "root" / name).symlink_to(tmp_path / "store")
    classes, notes = found(tmp_path / "root")
    assert sum(map(len, classes.values())) == 1
    assert notes[0].startswith("not entered again, as links to folders that are read already (2): ")


def test_links_that_lead_nowhere_and_pipes_are_never_waited_for(tmp_path: Path) -> None:
    write(tmp_path, "cats/a.png")
    (tmp_path / "cats" / "loop").symlink_to("loop")
    (tmp_path / "cats" / "gone.png").symlink_to("nowhere.png")
    os.mkfifo(tmp_path / "cats" / "pipe.png")
    classes, notes = found(tmp_path)
    assert classes == {"cats": ["cats/a.png", "cats/gone.png"]}
    assert "(2): cats/loop, cats/pipe.png" in notes[0]


def test_parts_in_place_of_classes_are_told(tmp_path: Path) -> None:
    write(tmp_path, "train/cats/a.png", "Test/cats/b.png")
    assert "its classes are called Test, train; if these are parts of the data" in found(tmp_path)[1][0]


def test_nothing_found_is_refused_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such folder"):
        find_images(tmp_path / "no", ENDINGS)
    with pytest.raises(DataError, match="must hold a folder of images for each class, it holds no folder"):
        find_images(tmp_path, ENDINGS)
    (tmp_path / "cats").mkdir()
    with pytest.raises(DataError, match=r"its folders hold no images$"):
        find_images(tmp_path, ENDINGS)
    write(tmp_path, "cats/IMG_1.heic")
    with pytest.raises(DataError, match=r"its folders hold no images .*, but others: cats/IMG_1\.heic"):
        find_images(tmp_path, ENDINGS)


@any_name
def test_names_that_are_not_utf_8_can_be_told(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "cats")
    os.mkdir(folder)
    for name in (b"a.png", b"\xe4.txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"")
    assert found(tmp_path)[1][0].endswith("(1): cats/\\udce4.txt")
    os.rename(folder, folder + b"\xe4")
    with pytest.raises(DataError, match=r"cats\\udce4: the name of this folder, .*, is not in UTF-8"):
        find_images(tmp_path, ENDINGS)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, "cats/a.png", "dogs/b.png")
    (tmp_path / "dogs").chmod(0)
    try:
        with pytest.raises(DataError, match="dogs: cannot be looked into: Permission denied"):
            find_images(tmp_path, ENDINGS)
    finally:
        (tmp_path / "dogs").chmod(0o700)
