"""A small data set in MNIST's form that a small network can learn."""

import gzip
from pathlib import Path

import numpy as np

from base.types import Array

TRAINING, TEST = 300, 60


def write_fake_mnist(folder: Path) -> Path:
    """Write four IDX files: 28 x 28 images whose class says which tenth of the picture is bright."""
    folder.mkdir()
    for key, (part, count) in enumerate({"train": TRAINING, "t10k": TEST}.items()):
        images, labels = _images(count, np.random.Generator(np.random.Philox(key=key)))
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images), compresslevel=1))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels), compresslevel=1))
    return folder


def idx(array: Array) -> bytes:
    """Bytes as an IDX file holds them."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.astype(np.uint8).tobytes()


def _images(count: int, generator: np.random.Generator) -> tuple[Array, Array]:
    labels = generator.integers(0, 10, count)
    images = generator.integers(0, 100, (count, 28, 28))
    for image, label in zip(images, labels, strict=True):
        row, column = divmod(int(label), 5)
        image[3 + 12 * row : 13 + 12 * row, 2 + 5 * column : 6 + 5 * column] += 120
    return images, labels
