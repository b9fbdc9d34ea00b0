"""The .npz files of this project: arrays of numbers in one plain form, and a text."""

from pathlib import Path

from base.types import Array
from utils.npz import NpzFile

TEXT_BYTES = 2**26  # of a text: far more than any config and its state need


def read_npz(path: Path, text: str) -> tuple[dict[str, Array], str]:
    """The arrays of a file, and the text that it holds by the name `text`.

    Raises OSError where the file cannot be opened, ValueError, which says why, where it is of another form or damaged.
    """
    with NpzFile(path) as file:
        _check(file, text)
        arrays = {name: file.read(name) for name in file.members}
        return arrays, text_of(arrays.pop(text))


def text_of(array: Array) -> str:
    """The text that an array of one string holds."""
    return array.tobytes().decode("utf-32-le").rstrip("\0")


def _check(file: NpzFile, text: str) -> None:
    """Look at all headers before memory is taken for any array."""
    odd = [name for name in [*file.others, *file.members] if not name.isprintable()] or file.others
    if odd:
        raise ValueError(f"{odd[0][:80]!r} in it is not an array")
    if packed := [name for name in file.members if not file.is_stored(name)]:
        raise ValueError(f"{packed[0]!r} in it is compressed or encrypted, which a checkpoint never is")
    headers = {name: file.header(name) for name in file.members}
    for name, header in headers.items():
        if header.dtype.kind not in "biufU" or header.dtype.str[0] == ">" or header.order != "C":
            raise ValueError(f"{name!r} in it is an array in another form: {header.dtype.str}, order {header.order!r}")
    if text not in headers or headers[text].dtype.kind != "U" or headers[text].shape != ():
        raise ValueError(f"it holds no text {text!r}")
    if headers[text].size > TEXT_BYTES:
        raise ValueError(f"its text is larger than {TEXT_BYTES >> 20} MiB")
    for name, header in headers.items():
        if header.dtype.kind == "U" and name != text:
            raise ValueError(f"{name!r} holds text where numbers should be")
