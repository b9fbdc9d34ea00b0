"""Getting data files from where their authors keep them."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from base.errors import DataError, WriteError
from data_loader.idx import find_idx

SECONDS = 30.0  # without an answer


@dataclass(frozen=True)
class Published:
    """A file as its authors publish it."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Mirror:
    """A folder on a server, and its files."""

    url: str
    files: dict[str, Published]


# Sizes and sums are those that TensorFlow Datasets has for the same addresses; those of torchvision and others agree.
MIRRORS = {
    "MNIST": Mirror(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        {
            "train-images-idx3-ubyte.gz": Published(
                9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
            ),
            "train-labels-idx1-ubyte.gz": Published(
                28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
            ),
            "t10k-images-idx3-ubyte.gz": Published(
                1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
            ),
            "t10k-labels-idx1-ubyte.gz": Published(
                4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
            ),
        },
    ),
    "FashionMNIST": Mirror(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        {
            "train-images-idx3-ubyte.gz": Published(
                26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
            ),
            "train-labels-idx1-ubyte.gz": Published(
                29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
            ),
            "t10k-images-idx3-ubyte.gz": Published(
                4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
            ),
            "t10k-labels-idx1-ubyte.gz": Published(
                5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
            ),
        },
    ),
    "KMNIST": Mirror(
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        {
            "train-images-idx3-ubyte.gz": Published(
                18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"
            ),
            "train-labels-idx1-ubyte.gz": Published(
                29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"
            ),
            "t10k-images-idx3-ubyte.gz": Published(
                3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"
            ),
            "t10k-labels-idx1-ubyte.gz": Published(
                5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"
            ),
        },
    ),
}


def fetch_missing(name: str, folder: Path) -> None:
    """Download those files of a data set that a folder does not have, in any form that `find_idx` knows.

    Raises DataError where there is no way to the server or a file is not the published one, and WriteError where the
    folder cannot be written; a file is there whole or not at all.
    """
    mirror = MIRRORS[name]
    for file, published in mirror.files.items():
        if find_idx(folder, file.removesuffix(".gz")) is None:
            _fetch(mirror.url + file, folder / file, published)


def _fetch(url: str, path: Path, published: Published) -> None:
    content = _content(url, path.parent, published.size + 1)  # one more shows a file that is too long
    if len(content) != published.size:
        found = f"more than {published.size}" if len(content) > published.size else f"{len(content)}"
        raise DataError(f"{url}: has {found} bytes, but the published file has {published.size}; it was not kept")
    found = hashlib.sha256(content).hexdigest()
    if found != published.sha256:
        raise DataError(
            f"{url}: its SHA-256 is {found}, but that of the published file is {published.sha256}; it was not kept"
        )
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise WriteError(f"cannot write {path}: {error.strerror}; choose another data_loader.args.data_dir") from error


def _content(url: str, folder: Path, most: int) -> bytes:
    """The content that a server sends, up to so many bytes."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=SECONDS) as response:
            content: bytes = response.read(most)
    except (OSError, HTTPException) as error:
        reason = error.reason if type(error) is URLError else error
        if isinstance(error, HTTPError):
            error.close()  # it is the server's response too
        raise DataError(
            f"{url}: cannot be downloaded ({reason}). Without a network, put the files into {folder} by hand and leave "
            "data_loader.args.download out"
        ) from error
    return content
