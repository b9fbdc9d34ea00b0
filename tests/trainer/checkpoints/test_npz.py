"""Only arrays of numbers in one plain form are read, and no memory is taken on the word of a header."""

import io
import struct
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.types import Array
from trainer.checkpoints.npz import read_npz

ARRAYS: dict[str, Array] = {
    "a/b": np.arange(6, dtype=np.float32).reshape(2, 3),
    "scalar": np.array(3),
    "none": np.zeros((0, 4), np.float64),
    "flags": np.array([True, False]),
}


def member(array: Array) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def header(text: str, content: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text) + 1) + f"{text}\n".encode() + content


def pack(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in {"meta.npy": member(np.array("{}")), **members}.items():
            file.writestr(name, content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a file can be written."""
    return tmp_path / "x.npz"


def test_what_numpy_writes_is_read(path: Path) -> None:
    held: dict[str, Any] = {**ARRAYS, "meta": np.array('{"ü": 1}')}
    np.savez(path, **held)
    arrays, text = read_npz(path, "meta")
    assert text == '{"ü": 1}'
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        assert np.array_equal(arrays[name], array)


FORM = "{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}"
WRONG: dict[str, tuple[dict[str, bytes], str]] = {
    "objects": ({"a.npy": member(np.array([{}]))}, "Python objects, which are never read"),
    "more than it has": ({"a.npy": header(FORM.format("<f4", "(1000,)"))}, r"should be \(1000,\) float32"),
    "2**60 numbers": ({"a.npy": header(FORM.format("<f8", "(1152921504606846976,)"))}, "no array has the shape"),
    "overflowing shape": ({"a.npy": header(FORM.format("<f8", f"({2**59}, 64, 0)"))}, "no array has the shape"),
    "less than it has": ({"a.npy": member(np.ones(3)) + b"x"}, "array 'a': it is damaged: it should be"),
    "fortran order": ({"a.npy": member(np.asfortranarray(np.ones((2, 3))))}, "in another form: <f8, order 'F'"),
    "big-endian": ({"a.npy": member(np.ones(3, ">f4"))}, "in another form: .*>f4"),
    "records": ({"a.npy": member(np.zeros(2, [("x", "f4")]))}, "holds records"),
    "complex": ({"a.npy": member(np.zeros(2, complex))}, "holds complex numbers"),
    "no such type": ({"a.npy": header(FORM.format("<f3", "(0,)"))}, "type '<f3', which are not read"),
    "code": ({"a.npy": header("__import__('os')")}, "damaged: its header is none"),
    "negative shape": ({"a.npy": header(FORM.format("<f4", "(-1,)"))}, "damaged: its header is"),
    "text": ({"a.npy": member(np.array("x"))}, "holds text where numbers should be"),
    "no array": ({"a.npy": b"hello"}, "is not an .npy array"),
    "other file": ({"a.txt": b"hello"}, "'a.txt' in it is not an array"),
    "odd name": ({"a\x1b.npy": member(np.ones(1))}, r"'a\\x1b' in it is not an array"),
    "bytes for text": ({"meta.npy": member(np.array(b"{}"))}, "'meta' in it is an array in another form"),
    "a list of texts": ({"meta.npy": member(np.array(["{}"]))}, "holds no text 'meta'"),
    "a text of numbers": ({"meta.npy": member(np.ones(3))}, "holds no text 'meta'"),
}


@pytest.mark.parametrize(("members", "words"), WRONG.values(), ids=WRONG.keys())
def test_anything_else_is_refused(path: Path, members: dict[str, bytes], words: str) -> None:
    pack(path, members)
    tracemalloc.start()
    with pytest.raises(ValueError, match=words):
        read_npz(path, "meta")
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_compressed_file_is_refused(path: Path) -> None:
    pack(path, {"a.npy": member(np.zeros(10**6))}, zipfile.ZIP_DEFLATED)
    with pytest.raises(ValueError, match="is compressed or encrypted, which a checkpoint never is"):
        read_npz(path, "meta")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_arrays_of_one_name_are_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for number in (1, 2):
            file.writestr("a.npy", member(np.array(number)))
    with pytest.raises(ValueError, match="two arrays of one name"):
        read_npz(path, "meta")


CUTS: dict[str, Callable[[bytes], bytes]] = {
    "larger than the file": lambda content: _directory_says(content, 2**31),
    "cut short": lambda content: content[:-5],
    "with a comment": lambda content: content[:-2] + struct.pack("<H", 3) + b"abc",
    "directory alone": lambda content: content[content.index(b"PK\x01\x02") :],
}


def _directory_says(content: bytes, size: int) -> bytes:
    place = content.rindex(b"PK\x01\x02") + 20
    return content[:place] + struct.pack("<II", size, size) + content[place + 8 :]


@pytest.mark.parametrize("harm", CUTS.values(), ids=CUTS.keys())
def test_an_archive_that_does_not_fit_itself_is_refused(path: Path, harm: Callable[[bytes], bytes]) -> None:
    pack(path, {"a.npy": member(np.ones(30))})
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(ValueError, match="damaged"):
        read_npz(path, "meta")


def test_a_directory_of_more_names_than_a_network_has_is_refused_before_it_is_read(path: Path) -> None:
    pack(path, {f"{number:0200}.npy": b"" for number in range(40)})
    content = path.read_bytes()
    start = content.index(b"PK\1\2")
    directory = content[start:-22] * 2000
    end = b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 65535, 65535, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    wide = b"PK\6\6" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 80000, 80000, len(directory), start)
    path.write_bytes(
        content[:start] + directory + wide + b"PK\6\7" + struct.pack("<LQL", 0, start + len(directory), 1) + end
    )
    tracemalloc.start()
    with pytest.raises(ValueError, match=rf"damaged: it needs {len(directory)} bytes to name its arrays"):
        read_npz(path, "meta")
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="counts what the allocator of Linux gives")
def test_reading_takes_little_more_memory_than_the_file_has(path: Path) -> None:
    np.savez(path, meta=np.array("{}"), a=np.ones(2**20), b=np.ones(2**20))
    tracemalloc.start()
    read_npz(path, "meta")
    assert tracemalloc.get_traced_memory()[1] < 1.3 * path.stat().st_size
    tracemalloc.stop()
