"""Checksums of published data files."""

import hashlib
from pathlib import Path

from base.errors import DataError

SUMS = "SHA256SUMS"


class Checksums:
    """The sums in a folder's SHA256SUMS; a folder without that file is not checked.

    Raises DataError where the list is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listing = folder / SUMS
        lines = _lines(self._listing) if self._listing.is_file() else None
        self._sums = None if lines is None else {name: digest for digest, name in lines}

    def verify(self, name: str, content: bytes) -> None:
        """Compare a file's uncompressed content. Raises DataError where it differs, or the list does not name it."""
        if self._sums is not None:
            self._compare(name, hashlib.sha256(content).hexdigest())

    def verify_file(self, name: str) -> None:
        """The same for a file of any size, as it is on the disk. Raises OSError where it cannot be read."""
        if self._sums is not None:
            with (self.folder / name).open("rb") as file:
                self._compare(name, hashlib.file_digest(file, "sha256").hexdigest())

    def _compare(self, name: str, found: str) -> None:
        expected = (self._sums or {}).get(name)
        if expected != found:
            raise DataError(
                f"{self.folder / name}: its SHA-256 is {found}, but {self._listing} says "
                f"{expected or 'nothing about it'}. The file is damaged or another one: get it again, or remove {SUMS} "
                "if it is meant to differ"
            )


def _lines(listing: Path) -> list[list[str]]:
    text = listing.read_text(encoding="utf-8", errors="replace")
    lines = [line.strip().split(maxsplit=1) for line in text.splitlines() if line.strip()]
    if any(len(line) < 2 for line in lines):
        raise DataError(f"{listing}: each line must be a SHA-256 sum, two spaces and a file name")
    return lines
