"""Data that are missing, damaged or of another form."""

import shutil
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.mistakes.making import CONFIG, IMAGES, LABELS, LAST, TEST_IMAGES, Wrong, configured, edited, setting, text

OWN: dict[str, Any] = {"type": "NpzDataLoader", "args": {"path": "own.npz", "validation_split": 3}}


def arrays(
    inputs: np.ndarray,
    shape: list[int] | None = None,
    targets: Sequence[Any] | np.ndarray = (0, 1, 2) * 3,
    cut: int = 0,
) -> Callable[[], object]:
    """Let config.json read arrays of an .npz file, of which the last bytes may be cut."""

    def change() -> None:
        np.savez("own.npz", x=inputs, y=np.asarray(targets), allow_pickle=True)
        content = Path("own.npz").read_bytes()
        Path("own.npz").write_bytes(content[: len(content) - cut])
        configured(data_loader={**OWN, "args": {**OWN["args"], "shape": shape}})()

    return change


def bomb() -> None:
    """Let config.json read an .npz file of 1.3 MiB that unpacks to 300 MiB."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({300 * 2**20},), }}\n"
    with zipfile.ZipFile("own.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file, file.open("x.npy", "w") as x:
        x.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())
        for _ in range(300):
            x.write(bytes(2**20))
        x.close()
        file.writestr("y.npy", b"never read")
    configured(data_loader=OWN)()


def validation_and_split() -> None:
    """Let config.json name validation data and yet split some off."""
    np.savez("own.npz", x=np.ones((9, 4)), y=np.arange(9) % 3)
    configured(data_loader={**OWN, "args": {**OWN["args"], "validation_path": "own.npz"}})()


DATA = [
    Wrong("no folder of data", None, setting("data_loader.args.data_dir=no"), "there is no folder no"),
    Wrong("a path that is too long", None, setting(f"data_loader.args.data_dir={'a' * 5000}"), "File name too long"),
    Wrong("a missing file", IMAGES.unlink, CONFIG, "has neither train-images-idx3-ubyte.gz nor"),
    Wrong(
        "a file for a folder",
        None,
        setting("data_loader.args.data_dir=config.json"),
        "config.json is a file; give the folder",
    ),
    Wrong(
        "images that are cut short",
        edited(IMAGES, lambda content: content[:-5]),
        CONFIG,
        "promises 235200 bytes (300, 28, 28)",
    ),
    Wrong(
        "images that go on",
        edited(IMAGES, lambda content: content + b"more"),
        CONFIG,
        "promises 235200 bytes (300, 28, 28)",
    ),
    Wrong("another kind of file", edited(IMAGES, lambda content: b"PK" + content[2:]), CONFIG, "is not an IDX file"),
    Wrong(
        "labels for images", lambda: shutil.copy(LABELS, IMAGES), CONFIG, "is not an IDX file of unsigned bytes with 3"
    ),
    Wrong(
        "fewer labels than images",
        lambda: shutil.copy("data/t10k-labels-idx1-ubyte.gz", LABELS),
        CONFIG,
        "300 images but 60 labels",
    ),
    Wrong("no gzip in .gz", text(str(IMAGES), b"plain"), CONFIG, "it is damaged or cut short"),
    Wrong("an empty file", text(str(LABELS), b""), CONFIG, "is not an IDX file of unsigned bytes with 1"),
    Wrong(
        "a label beyond the classes",
        edited(LABELS, lambda content: content[:-1] + b"\xc8"),
        CONFIG,
        "has labels from 0 to 200; for these 10 classes",
    ),
    Wrong(
        "a wrong checksum",
        text("data/SHA256SUMS", f"{'0' * 64}  {IMAGES.stem}\n"),
        CONFIG,
        "but data/SHA256SUMS says 000",
    ),
    Wrong("channels last for channels first", arrays(np.ones((9, 8, 8, 3)), [3, 8, 8]), CONFIG, "would mix axes"),
    Wrong("rows that are not one-hot", arrays(np.ones((9, 4)), targets=np.ones((9, 3))), CONFIG, "row 0, counted from"),
    Wrong("a number of objects", arrays(np.array([None] * 9)), CONFIG, "it holds Python objects, which are never read"),
    Wrong(
        "an archive that is cut short", arrays(np.ones((9, 4)), cut=40), CONFIG, "own.npz: cannot be read: it is dam"
    ),
    Wrong(
        "a bomb", bomb, CONFIG, "own.npz: cannot be read: array 'x': it unpacks from 1.3 MiB to 300.0 MiB, as no data"
    ),
    Wrong("validation data beside validation_split", validation_and_split, CONFIG, "leave validation_split and split"),
    Wrong("no test images", TEST_IMAGES.unlink, ("test.py", "-r", str(LAST)), "has neither t10k-images-idx3"),
]
