"""A folder with data in every form that a loader reads, where the configs of the project look for them."""

import gzip
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from tests.fake_mnist import idx, write_fake_mnist
from tests.running import PROJECT

LETTERS, OWN, IMAGES = 52, 40, 24


def write_every_data(folder: Path) -> Path:
    """Write small data sets below `folder`/data; tables are those of the project."""
    data = folder / "data"
    data.mkdir()
    for name in ("iris", "diabetes"):
        shutil.copytree(PROJECT / "data" / name, data / name)
    write_fake_mnist(data / "mnist")
    for name in ("fashion_mnist", "kmnist"):
        shutil.copytree(data / "mnist", data / name)
    _write_letters(data / "emnist")
    _write_arrays(data / "own")
    _write_tables(data / "own")
    _write_images(data / "own" / "images", 0)
    _write_images(data / "own" / "more_images", IMAGES)
    return folder


def _write_letters(folder: Path) -> None:
    folder.mkdir()
    for seed, part in enumerate(("train", "test")):
        images = np.random.default_rng(seed).integers(0, 256, (LETTERS, 28, 28))
        labels = np.arange(LETTERS) % 26 + 1
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            (folder / f"emnist-letters-{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(idx(array), 1))


def _write_arrays(folder: Path) -> None:
    folder.mkdir()
    images = np.random.default_rng(1).integers(0, 256, (OWN, 28, 28)).astype(np.uint8)
    labels = np.arange(OWN) % 10
    test = {"x_test": images[:10], "y_test": labels[:10], "x_valid": images[10:30], "y_valid": labels[10:30, None]}
    np.savez(folder / "data.npz", x_train=images, y_train=labels, **test)
    colours = np.asfortranarray(np.stack([images, 255 - images, images // 2], axis=1))
    np.savez_compressed(folder / "channels_first.npz", x=colours, y=np.eye(10)[labels], groups=np.arange(OWN) // 4)
    np.save(folder / "groups.npy", np.arange(OWN) // 4)
    np.save(folder / "valid_inputs.npy", np.asfortranarray(255 - images.reshape(OWN, 784)[:9]))
    np.save(folder / "valid_targets.npy", labels[:9])
    np.save(folder / "inputs.npy", images.reshape(OWN, 784))
    np.save(folder / "targets.npy", labels)


def _write_tables(folder: Path) -> None:
    rows = [
        [
            ("male", "female")[i % 2],
            "" if i % 5 == 0 else f"{20 + i}",
            "ABC"[i % 3] if i % 4 else "",
            f"T{i // 3}",
            ("no", "yes")[i // 2 % 2],
        ]
        for i in range(OWN)
    ]
    header = ["sex", "age", "deck", "ticket", "survived"]
    (folder / "ship.csv").write_text(_csv([header, *rows]))
    (folder / "ship_columns_moved.csv").write_text(_csv([header[::-1], *(row[::-1] for row in rows[:12])]))
    exported = [[f"{i / 4}".replace(".", ","), f"{i % 7}", ("Köln", "Bonn")[i % 2]] for i in range(OWN)]
    (folder / "exported.csv").write_bytes(_csv(exported, ";").encode("cp1252"))


def _csv(rows: list[list[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\n" for row in rows)


def _write_images(folder: Path, first: int) -> None:
    for number in range(first, first + IMAGES):
        name = ("cats", "dogs")[number % 2]
        (folder / name).mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 256, (20 + number, 24, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / name / f"{number}.png")
