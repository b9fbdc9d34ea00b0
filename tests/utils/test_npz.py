"""Archives are read as NumPy writes them, and no memory is taken on the word of a directory or a header."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from utils.npz import NpzFile

ARRAYS: dict[str, Any] = {
    "x": np.arange(24.0).reshape(2, 3, 4),
    "f": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "big": np.arange(5, dtype=">i4"),
    "a/b": np.array(["p", "qr"]),
    "none": np.zeros((0, 4)),
    "single": np.array(3),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a file can be written."""
    return tmp_path / "x.npz"


def member(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def refused(path: Path, words: str, name: str = "x") -> None:
    """Reading fails in these words, and takes no memory to speak of."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=words), NpzFile(path) as file:
            file.read(name)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_numpy_writes_is_read(path: Path, save: Any) -> None:
    save(path, **ARRAYS)
    with NpzFile(path) as file:
        assert list(file.members) == list(ARRAYS)
        assert file.others == []
        assert file.is_stored("x") == (save is np.savez)
        for name, array in ARRAYS.items():
            found = file.read(name)
            assert (found.dtype, found.shape, file.header(name).shape) == (array.dtype, array.shape, array.shape)
            assert np.array_equal(found, array)


def test_other_files_in_an_archive_are_passed_over(path: Path) -> None:
    np.savez(path, x=np.ones(3))
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("README.txt", "hello")
    with NpzFile(path) as held:
        assert (list(held.members), held.others) == (["x"], ["README.txt"])
        assert held.read("x").tolist() == [1, 1, 1]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_arrays_of_one_name_are_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for number in (1, 2):
            file.writestr("x.npy", member(np.array(number)))
    refused(path, "damaged: it holds two arrays of one name, 'x'")


def test_an_encrypted_array_is_refused(path: Path) -> None:
    np.savez(path, x=np.ones(3))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\3\4") + 6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    refused(path, "array 'x': it is encrypted; save it without a password")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_array_that_is_compressed_in_another_way_is_refused(path: Path, method: int) -> None:
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("x.npy", member(np.ones(3)))
    refused(path, "array 'x': it is compressed in a way that NumPy never uses")


def test_a_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file, file.open("x.npy", "w") as inner:
        inner.write(header("|u1", 300 * 2**20))
        for _ in range(300):
            inner.write(bytes(2**20))
    assert path.stat().st_size < 2**21
    refused(path, "array 'x': it unpacks from 1.3 MiB to 300.0 MiB, as no data do but a bomb; if it is none, store it")


def header(kind: str, count: int) -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({count},), }}\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("count", [2, 4, 2**40])
def test_a_header_that_does_not_fit_the_array_is_refused(path: Path, method: int, count: int) -> None:
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("x.npy", header("<f8", count) + bytes(24))
    refused(path, rf"array 'x': it is damaged: it should be \({count},\) float64, but has \d+ bytes")


def test_a_directory_that_promises_more_than_the_file_holds_is_refused(path: Path) -> None:
    content = header("<f8", 2**27)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x.npy", content)
    harmed = bytearray(path.read_bytes())
    place = harmed.index(b"PK\1\2") + 24
    harmed[place : place + 4] = struct.pack("<I", len(content) + 2**30)
    path.write_bytes(harmed)
    refused(path, "array 'x': it should have .* bytes, more than a file of .* bytes can hold; it is damaged")


def test_an_array_larger_than_memory_is_refused_before_it_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez(path, x=np.ones(2**20))
    monkeypatch.setattr("utils.memory.available_memory", lambda: 2**20)
    refused(path, "array 'x': it needs 8.0 MiB of memory, there are 1.0 MiB")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_changed_byte_is_noticed(path: Path, save: Any) -> None:
    save(path, x=np.random.default_rng(1).random(1000))
    content = bytearray(path.read_bytes())
    content[4000] ^= 1
    path.write_bytes(content)
    refused(path, "array 'x': it is damaged: (Bad CRC|Error -3)")


def test_a_file_that_is_none_is_refused_or_cannot_be_opened(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        NpzFile(path)
    for content in (b"", b"P", b"PK", b"PK\3\4 broken", b"hello", b"PK\5\6" + bytes(17)):
        path.write_bytes(content)
        refused(path, "not an .npz file|damaged")
