"""Whether data files are the published ones."""

import hashlib
from pathlib import Path

from base.errors import DataError

SUMS = "SHA256SUMS"


def verify(folder: Path, name: str, content: bytes) -> None:
    """Compare a file's uncompressed content with the folder's SHA256SUMS; a folder without that file is not checked.

    Raises DataError where the sums differ, or the list does not name the file.
    """
    listing = folder / SUMS
    if not listing.is_file():
        return
    sums = {entry: digest for digest, entry in (line.split(maxsplit=1) for line in _lines(listing))}
    expected = sums.get(name)
    found = hashlib.sha256(content).hexdigest()
    if expected != found:
        raise DataError(
            f"{folder / name}: its SHA-256 is {found}, but {listing} says {expected or 'nothing about it'}. "
            f"The file is damaged or another one: get it again, or remove {SUMS} if it is meant to differ"
        )


def _lines(listing: Path) -> list[str]:
    lines = [line.strip() for line in listing.read_text(encoding="utf-8", errors="replace").splitlines()]
    if any(len(line.split(maxsplit=1)) < 2 for line in lines if line):
        raise DataError(f"{listing}: each line must be a SHA-256 sum, two spaces and a file name")
    return [line for line in lines if line]
