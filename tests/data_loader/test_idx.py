"""Only files that are whole and of the right form are read."""

import gzip
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from base.errors import DataError
from data_loader.idx import find_idx, read_idx
from tests.fake_mnist import idx

ARRAY = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
CONTENT = idx(ARRAY)
PACKED = gzip.compress(CONTENT)


@pytest.mark.parametrize(("name", "content"), [("images", CONTENT), ("images.gz", PACKED)], ids=["plain", "packed"])
def test_plain_and_compressed_files_are_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    array = read_idx(tmp_path, "images", axes=3)
    assert array.dtype == np.uint8
    assert np.array_equal(array, ARRAY)


def test_a_file_of_no_samples_is_read(tmp_path: Path) -> None:
    (tmp_path / "labels").write_bytes(idx(np.zeros(0)))
    assert read_idx(tmp_path, "labels", axes=1).shape == (0,)


BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "plain cut short": ("images", CONTENT[:-1], r"promises 24 bytes \(2, 3, 4\), it has 23"),
    "plain too long": ("images", CONTENT + b"\0", "promises 24 bytes .* it has more"),
    "header cut short": ("images", CONTENT[:10], "cut short within its header"),
    "header alone": ("images", CONTENT[:16], "should have 24 bytes, more than a file of 16 bytes"),
    "empty": ("images", b"", "is not an IDX file"),
    "compressed cut short": ("images.gz", PACKED[:-12], "cannot be read whole"),
    "compressed with no end": ("images.gz", PACKED[:-1], "cannot be read whole"),
    "compressed and damaged": ("images.gz", PACKED[:15] + b"\xff\xff" + PACKED[17:], "cannot be read whole"),
    "compressed with another checksum": ("images.gz", PACKED[:-8] + bytes(8), "cannot be read whole"),
    "not compressed": ("images.gz", CONTENT, "cannot be read whole"),
    "beyond the file": ("images", b"\0\0\x08\x03" + b"\xff" * 12, "more than a file of 16 bytes can hold"),
    "beyond the file, compressed": (
        "images.gz",
        gzip.compress(b"\0\0\x08\x03" + b"\xff" * 12),
        "more than a file of .* bytes can hold",
    ),
    "wrong magic": ("images", b"PNG" + CONTENT[3:], "is not an IDX file .* begins with 50 4e 47 03"),
    "signed bytes": ("images", b"\0\0\x09\x03" + CONTENT[4:], "expected 00 00 08 03"),
    "wrong axes": ("images", idx(ARRAY[0]), "with 3 axes"),
}


@pytest.mark.parametrize(("name", "content", "words"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_refused_by_name(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        read_idx(tmp_path, "images", axes=3)
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere", "there is no folder"), ("empty", "has neither images.gz nor images"), ("odd", "has neither")],
)
def test_what_is_not_there_is_named(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd" / "images.gz").mkdir(parents=True)
    with pytest.raises(DataError, match=words) as caught:
        read_idx(tmp_path / name, "images", axes=3)
    assert str(tmp_path / name) in str(caught.value)


def test_only_a_folder_that_holds_the_files_is_proposed(tmp_path: Path) -> None:
    (tmp_path / "mnist").mkdir()
    with pytest.raises(DataError, match="; start the program where this path begins") as caught:
        read_idx(tmp_path / "emnist", "images", axes=3)
    assert "did you mean" not in str(caught.value)
    (tmp_path / "mnist" / "images").write_bytes(CONTENT)
    with pytest.raises(DataError, match=r"; did you mean '.*mnist'\?$"):
        read_idx(tmp_path / "emnist", "images", axes=3)


def test_what_follows_the_end_of_a_compressed_file_is_never_unpacked(tmp_path: Path) -> None:
    (tmp_path / "images.gz").write_bytes(gzip.compress(CONTENT + bytes(50 * 2**20)))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"promises 24 bytes .* it has more"):
        read_idx(tmp_path, "images", axes=3)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_file_larger_than_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "images").write_bytes(CONTENT)
    monkeypatch.setattr("utils.memory.available_memory", lambda: 40)
    with pytest.raises(DataError, match=r"needs 0.0 MiB of memory, there are"):
        read_idx(tmp_path, "images", axes=3)


KAGGLE = ("train-images.idx3-ubyte", "train-images-idx3-ubyte/train-images-idx3-ubyte", "train-images.idx3-ubyte.gz")
KAGGLE += ("train-images-idx3-ubyte/train-images-idx3-ubyte.gz", "train-images.idx3-ubyte/train-images.idx3-ubyte")


@pytest.mark.parametrize("name", KAGGLE)
def test_files_are_found_as_archives_of_kaggle_have_them(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(PACKED if path.suffix == ".gz" else CONTENT)
    assert find_idx(tmp_path, "train-images-idx3-ubyte") == path
    assert np.array_equal(read_idx(tmp_path, "train-images-idx3-ubyte", axes=3), ARRAY)


def test_what_only_a_bomb_unpacks_to_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    header = b"\0\0\x08\x03" + struct.pack(">3I", 300, 2**10, 2**10)
    (tmp_path / "images.gz").write_bytes(gzip.compress(header + bytes(300 * 2**20), 1))
    tracemalloc.start()
    with pytest.raises(DataError, match=r"images.gz: .* unpacks from 1.3 MiB to 300.0 MiB, as no data do but a bomb"):
        read_idx(tmp_path, "images", axes=3)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
