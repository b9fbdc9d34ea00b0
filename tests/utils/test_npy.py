"""Headers are read in the one form that they have, and tell what they cannot be read as."""

import io
import struct

import numpy as np
import pytest

from utils.npy import read_header


def stored(array: np.ndarray, version: tuple[int, int] | None = None) -> io.BytesIO:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version, allow_pickle=True)
    file.seek(0)
    return file


def written(text: str) -> io.BytesIO:
    return io.BytesIO(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())


ARRAYS = {
    name: np.ones((2, 3), name)
    for name in ("bool", "int8", "uint64", ">i4", "float16", "float32", ">f8", "<U3", ">U2", "S4")
} | {"single": np.array(3), "none": np.zeros((0, 4)), "fortran": np.asfortranarray(np.ones((3, 2)))}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS.keys())
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)], ids=str)
def test_what_numpy_writes_is_read(array: np.ndarray, version: tuple[int, int]) -> None:
    file = stored(array, version)
    header = read_header(file)
    assert (header.dtype, header.shape, header.size) == (array.dtype, array.shape, array.nbytes)
    assert header.order == ("F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C")
    assert header.start == file.tell() == len(file.getvalue()) - array.nbytes


@pytest.mark.parametrize(
    "text",
    [
        "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}\n",
        "{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (2, 3), }   \n",
    ],
)
def test_what_other_programs_write_is_read(text: str) -> None:
    header = read_header(written(text))
    assert (header.dtype, header.shape, header.order) == (np.float32, (2, 3), "C")


def form(kind: str, shape: str) -> io.BytesIO:
    return written(f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n")


WRONG = {
    "empty": (io.BytesIO(b""), "is not an .npy array"),
    "text": (io.BytesIO(b"hello, this is a text"), "is not an .npy array"),
    "another version": (io.BytesIO(b"\x93NUMPY\x09\x00v\x00{}"), "is not an .npy array"),
    "cut short": (io.BytesIO(stored(np.ones(3)).getvalue()[:40]), "its header is none"),
    "too long": (io.BytesIO(b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b"{" * 20_000), "its header is none"),
    "code": (written("__import__('os')"), "its header is none"),
    "nested": (written("{" + "(" * 5000 + "}"), "its header is"),
    "another key": (written("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}"), "its header is"),
    "a key less": (written("{'descr': '<f4', 'shape': (1,)}"), "its header is"),
    "a text for a flag": (written("{'descr': '<f4', 'fortran_order': 'no', 'shape': (1,)}"), "its header is"),
    "flags for all": (written("{'descr': True, 'fortran_order': True, 'shape': True}"), "its header is"),
    "negative": (form("<f4", "(-1,)"), "its header is"),
    "beyond all numbers": (form("<f4", f"({2**62}, 8)"), "no array has the shape"),
    "beyond all numbers, and none": (form("<f4", f"({2**62}, 8, 0)"), "no array has the shape"),
    "long numbers": (form("<f4", f"({'9' * 5000},)"), "no array has the shape|Exceeds the limit"),
    "too many axes": (form("<f4", f"({'1, ' * 65})"), "no array has the shape"),
    "objects": (stored(np.array([None])), "holds Python objects, which are never read"),
    "records": (stored(np.zeros(2, [("x", "f4")])), "holds records"),
    "records of objects": (stored(np.zeros(2, [("x", "O")])), "holds records"),
    "complex": (stored(np.zeros(2, complex)), "holds complex numbers"),
    "dates": (stored(np.zeros(2, "M8[s]")), "holds dates"),
    "spans": (stored(np.zeros(2, "m8[s]")), "holds spans of time"),
    "bytes": (stored(np.zeros(2, "V3")), "holds raw bytes"),
    "no such type": (form("<f3", "(2,)"), "of type '<f3', which are not read"),
    "wide": (form("<f16", "(2,)"), "of type '<f16', which are not read"),
    "texts of no length": (form("<U0", f"({2**60},)"), "of type '<U0', which are not read"),
    "texts beyond all bounds": (form("<U999999999", "(2,)"), "of type '<U999999999', which are not read"),
}


@pytest.mark.parametrize(("file", "words"), WRONG.values(), ids=WRONG.keys())
def test_anything_else_is_refused_with_its_reason(file: io.BytesIO, words: str) -> None:
    file.seek(0)
    with pytest.raises(ValueError, match=words):
        read_header(file)
