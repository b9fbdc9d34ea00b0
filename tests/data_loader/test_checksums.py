"""A folder that lists checksums is held to them."""

import hashlib
from pathlib import Path

import pytest

from base.errors import DataError
from data_loader.checksums import Checksums

CONTENT = b"some bytes"
SUM = hashlib.sha256(CONTENT).hexdigest()


def test_a_folder_without_a_list_is_not_checked(tmp_path: Path) -> None:
    Checksums(tmp_path).verify("images", b"anything")
    Checksums(tmp_path).verify_file("missing")


@pytest.mark.parametrize("listing", [f"{SUM}  images\n", f"\n{'0' * 64}  labels\r\n{SUM}  images\r\n\n"])
def test_the_listed_content_passes(tmp_path: Path, listing: str) -> None:
    (tmp_path / "SHA256SUMS").write_text(listing)
    (tmp_path / "images").write_bytes(CONTENT)
    Checksums(tmp_path).verify("images", CONTENT)
    Checksums(tmp_path).verify_file("images")


@pytest.mark.parametrize(
    ("listing", "words"),
    [
        (f"{'0' * 64}  images\n", f"its SHA-256 is {SUM}, but .*SHA256SUMS says 0000"),
        (f"{SUM}  labels\n", "says nothing about it"),
        ("", "says nothing about it"),
        (f"{SUM}\n", "each line must be a SHA-256 sum"),
        ("\xff\xfe\x00", "each line must be a SHA-256 sum"),
    ],
    ids=["another sum", "not in the list", "empty list", "no names", "no text"],
)
def test_a_mismatch_names_the_file_and_the_list(tmp_path: Path, listing: str, words: str) -> None:
    (tmp_path / "SHA256SUMS").write_text(listing, encoding="latin-1")
    (tmp_path / "images").write_bytes(CONTENT)
    with pytest.raises(DataError, match=words) as caught:
        Checksums(tmp_path).verify_file("images")
    with pytest.raises(DataError, match=words):
        Checksums(tmp_path).verify("images", CONTENT)
    assert str(tmp_path / "SHA256SUMS") in str(caught.value)
