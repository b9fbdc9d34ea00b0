"""Finding images in a folder that holds a folder for each class."""

import os
import unicodedata
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from base.errors import DataError
from data_loader.checksums import SUMS
from utils.missing_paths import missing

# What operating systems, archivers and network drives leave beside files, in lower case; names that begin with a dot,
# such as .ipynb_checkpoints and ._0001.jpg, are left out too.
_LEFTOVERS = {
    "__macosx",
    "@eadir",
    "$recycle.bin",
    "#recycle",
    "lost+found",
    "system volume information",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
}
_PARTS = {"train", "training", "val", "valid", "validation", "test", "testing"}
FEW = 10


@dataclass(frozen=True)
class ClassFolders:
    """The image files of each class, in order, and what a user should know of all that was found."""

    images: dict[str, list[Path]]
    notes: list[str]


def find_images(root: Path, endings: Collection[str]) -> ClassFolders:
    """Look through the folders of the classes, and the folders within them.

    Raises DataError where there are no images, or a folder cannot be listed.
    """
    try:
        if not root.is_dir():
            raise DataError(f"{root}: {missing(root, 'folder')}")
        search = _Search(root, endings)
        search.run()
    except OSError as error:
        raise DataError(f"{error.filename or root}: cannot be looked into: {error.strerror or error}") from error
    return search.found()


def few(names: Sequence[object], apart: str = ", ", most: int = FEW) -> str:
    """The first of many names, and how many there are beside them.

    >>> few("abcd", most=2)
    'a, b and 2 more'
    """
    more = f"{apart if apart != ', ' else ' '}and {len(names) - most} more" if len(names) > most else ""
    return apart.join(printable(name) for name in names[:most]) + more


@dataclass(eq=False)
class _Search:
    """A walk through folders, those that are links last: none is entered twice, by whatever name."""

    root: Path
    endings: Collection[str]
    images: dict[str, list[Path]] = field(default_factory=dict)
    others: list[Path] = field(default_factory=list)
    repeated: list[Path] = field(default_factory=list)
    folders: deque[tuple[str, Path]] = field(default_factory=deque)
    links: deque[tuple[str, Path]] = field(default_factory=deque)

    def run(self) -> None:
        for path in _visible(self.root):
            if path.is_dir():
                self._put_off(_class_name(path), path)
            elif path.name != SUMS:
                self.others.append(path)
        entered = {identity(self.root)}
        while self.folders or self.links:
            name, folder = (self.folders or self.links).popleft()
            self.images.setdefault(name, [])
            if identity(folder) in entered:
                self.repeated.append(folder)
            else:
                entered.add(identity(folder))
                self._enter(name, folder)

    def _put_off(self, name: str, folder: Path) -> None:
        (self.links if folder.is_symlink() else self.folders).append((name, folder))

    def _enter(self, name: str, folder: Path) -> None:
        for path in _visible(folder):
            if path.is_dir():
                self._put_off(name, path)
            # A link that leads nowhere is an image that cannot be read; a pipe would never end.
            elif path.suffix.lower() in self.endings and (path.is_file() or not path.exists()):
                self.images[name].append(path)
            else:
                self.others.append(path)

    def found(self) -> ClassFolders:
        images = {name: sorted(paths) for name, paths in sorted(self.images.items()) if paths}
        if not self.images:
            raise DataError(f"{self.root}: must hold a folder of images for each class, it holds no folder")
        if not images:
            raise DataError(f"{self.root}: its folders hold no images{self._instead()}")
        return ClassFolders(images, [f"{self.root}: {note}" for note in self._notes(images)])

    def _instead(self) -> str:
        others = few([path.relative_to(self.root) for path in self.others])
        return f" whose names end as those of images that Pillow reads, but others: {others}" if others else ""

    def _notes(self, images: dict[str, list[Path]]) -> list[str]:
        notes = []
        for paths, what in (
            (self.others, "passed over, as no image in the folder of a class"),
            (self.repeated, "not entered again, as links to folders that are read already"),
        ):
            if paths:
                names = few([path.relative_to(self.root) for path in paths])
                notes.append(f"{what} ({len(paths)}): {names}")
        if empty := sorted(self.images.keys() - images.keys()):
            notes.append(f"folders without images are no classes: {few(empty)}")
        if len(images) > 1 and {name.lower() for name in images} <= _PARTS:
            notes.append(
                f"its classes are called {few([*images])}; if these are parts of the data, name them in data_dir, "
                "validation_dir and test_dir"
            )
        return notes


def _class_name(folder: Path) -> str:
    """The name in the one form of Unicode, as macOS and archives made there write letters with accents in two parts."""
    name = unicodedata.normalize("NFC", folder.name)
    if name != printable(name):
        raise DataError(f"{printable(folder)}: the name of this folder, and so of a class, is not in UTF-8; rename it")
    return name


def is_visible(name: str) -> bool:
    """True for the name of a file or folder that is neither hidden nor a leftover of a program."""
    return not name.startswith(".") and name.lower() not in _LEFTOVERS


def _visible(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if is_visible(path.name)]


def identity(folder: Path) -> tuple[int, int]:
    """The same for one folder by whatever name."""
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def printable(name: object) -> str:
    """A name that can be written anywhere, whatever bytes a file system has for it."""
    return str(name).encode("utf-8", "backslashreplace").decode("utf-8")
