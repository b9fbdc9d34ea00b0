"""Getting data files from where their authors keep them."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from base.errors import DataError, WriteError

SECONDS = 30.0  # without an answer


@dataclass(frozen=True)
class Mirror:
    """A folder on a server, and the MD5 sums of its files, by which their authors tell whether one is damaged."""

    url: str
    sums: dict[str, str]


MIRRORS = {
    "MNIST": Mirror(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        {
            "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
            "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
            "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
        },
    ),
    "FashionMNIST": Mirror(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        {
            "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
            "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
            "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
        },
    ),
    "KMNIST": Mirror(
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        {
            "train-images-idx3-ubyte.gz": "bdb82020997e1d708af4cf47b453dcf7",
            "train-labels-idx1-ubyte.gz": "e144d726b3acfaa3e44228e80efcd344",
            "t10k-images-idx3-ubyte.gz": "5c965bf0a639b31b8f53240b1b52f4d7",
            "t10k-labels-idx1-ubyte.gz": "7320c461ea6c1c855c0b718fb2a4b134",
        },
    ),
}


def fetch_missing(name: str, folder: Path) -> None:
    """Download those files of a data set that a folder does not have, compressed or not.

    Raises DataError where there is no way to the server or a file is not the published one, and WriteError where the
    folder cannot be written; a file is there whole or not at all.
    """
    mirror = MIRRORS[name]
    for file, expected in mirror.sums.items():
        if not (folder / file).is_file() and not (folder / file.removesuffix(".gz")).is_file():
            _fetch(mirror.url + file, folder / file, expected)


def _fetch(url: str, path: Path, expected: str) -> None:
    content = _content(url, path.parent)
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != expected:
        raise DataError(f"{url}: its MD5 is {found}, but that of the published file is {expected}; it was not kept")
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise WriteError(f"cannot write {path}: {error.strerror}; choose another data_loader.args.data_dir") from error


def _content(url: str, folder: Path) -> bytes:
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=SECONDS) as response:
            content: bytes = response.read()
    except (OSError, HTTPException) as error:
        reason = error.reason if type(error) is URLError else error
        if isinstance(error, HTTPError):
            error.close()  # it is the server's response too
        raise DataError(
            f"{url}: cannot be downloaded ({reason}). Without a network, put the files into {folder} by hand and leave "
            "data_loader.args.download out"
        ) from error
    return content
