"""Harmed files of arrays, and the loaders that read them."""

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from base.random_streams import RandomStreams
from base.splits import Split
from data_loader.arrays import ArrayDataLoader
from data_loader.loaders.npy import NpyDataLoader
from data_loader.loaders.npz import NpzDataLoader
from tests.fuzz.harm import harm_bytes

SAMPLES = 12
_INPUTS = [
    np.arange(SAMPLES * 108.0).reshape(SAMPLES, 3, 6, 6),
    np.asfortranarray(np.arange(SAMPLES * 64, dtype=">f4").reshape(SAMPLES, 8, 8)),
    np.arange(SAMPLES * 4, dtype=np.uint8).reshape(SAMPLES, 4),
    np.ones(SAMPLES, bool),
    np.ones((SAMPLES, 2), "f2"),
]
_TARGETS: list[np.ndarray] = [
    np.arange(SAMPLES) % 3,
    np.arange(SAMPLES)[:, None] % 2 > 0,
    np.eye(3)[np.arange(SAMPLES) % 3],
    np.array(["dog", "cat", "mouse"] * 4),
    np.array([["a"], ["b"], ["c"]] * 4, ">U5"),
    np.linspace(0, 1, SAMPLES),
]
_ODD = [
    np.array([None] * SAMPLES), np.zeros(SAMPLES, "M8[D]"), np.zeros(SAMPLES, [("a", "f4"), ("b", "O")]),
    np.zeros(SAMPLES, complex), np.array(3), np.zeros((0, 4)), np.zeros((SAMPLES, 0)), np.full(SAMPLES, np.nan),
    np.array([b"a"] * SAMPLES), np.full(SAMPLES, 2**64 - 1, np.uint64), np.full(SAMPLES, 1e308), np.zeros(SAMPLES, "g"),
]  # fmt: skip
_SHAPES = (
    "()",
    "(0,)",
    "(12,)",
    "(12, 4)",
    "(4, 12)",
    "(12, 108)",
    "(12, 36, 3)",
    "(6, 2)",
    "(12, 0)",
    "(-1,)",
    "(999999999, 999999999)",
    "(1073741824,)",
)
_SHAPES += (
    "(12, " + "1, " * 70 + ")",
    f"({2**63},)",
    f"({2**62}, 0)",
    f"({'9' * 400},)",
    "12",
    "(12",
    "(12.0,)",
    "(12L,)",
)
_ORDERS = ("True", "False", "None", "1")
_TYPES = (
    "<f4",
    "<f8",
    ">f8",
    "|O",
    "<U1",
    "<U0",
    "<U999999999",
    "<c8",
    "|V9",
    "<M8[s]",
    "f",
    "<f16",
    "",
    "x" * 300,
    "|S3",
)


def array_attacks(folder: Path) -> list[Callable[[random.Random], None]]:
    """One of each kind of harm to .npz and .npy files; a call draws a harm and lets a loader read the result."""
    return [
        lambda draw: _read_npz(folder, harm_bytes(_archive(draw, *_pair(draw)), draw), draw),
        lambda draw: _read_npz(folder, _archive(draw, *_one_harmed(draw, *_pair(draw))), draw),
        lambda draw: _read_npy(folder, *_one_harmed(draw, *_pair(draw)), draw),
    ]


def _pair(draw: random.Random) -> tuple[bytes, bytes]:
    """Inputs and targets, of which one may be an odd array, as .npy files."""
    x, y = draw.choice(_INPUTS), draw.choice(_TARGETS)
    if draw.random() < 0.1:
        x, y = draw.choice(((draw.choice(_ODD), y), (x, draw.choice(_ODD))))
    return _stored(x), _stored(y)


def _stored(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def _one_harmed(draw: random.Random, x: bytes, y: bytes) -> tuple[bytes, bytes]:
    harm = draw.choice((harm_bytes, _other_header, _other_numbers, _other_numbers))
    return (harm(x, draw), y) if draw.random() < 0.5 else (x, harm(y, draw))


def _other_header(content: bytes, draw: random.Random) -> bytes:
    """Another type, order or shape of as many numbers, or of as many as it then needs, as far as memory allows."""
    text = content[10 : content.index(b"\n")].decode("latin-1")
    change, values = draw.choice(((r"'[<>|][^']*'", _TYPES), ("False|True", _ORDERS), (r"\([^()]*\)", _SHAPES)))
    text = re.sub(change, lambda _: draw.choice(values), text, count=1) + "\n"
    numbers = content[content.index(b"\n") + 1 :]
    if draw.random() < 0.3:
        numbers = bytes(draw.choice((0, 24, 48, 96, 192, 10**6, 10**8)))
    return b"\x93NUMPY\x02\x00" + len(text).to_bytes(4, "little") + text.encode() + numbers


def _other_numbers(content: bytes, draw: random.Random) -> bytes:
    """The same header, and bytes of it or after it that are others."""
    harmed = bytearray(content)
    for _ in range(draw.choice((1, 1, 4, 50))):
        harmed[draw.randrange(min(128, len(content) - 1), len(content))] = draw.choice((0, 255, draw.randrange(256)))
    return bytes(harmed)


def _archive(draw: random.Random, x: bytes, y: bytes) -> bytes:
    file = io.BytesIO()
    method = draw.choice((*[zipfile.ZIP_STORED] * 8, *[zipfile.ZIP_DEFLATED] * 8, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2))
    names = draw.choice((*[("x", "y")] * 8, ("x", "x"), ("x", "z/y"), ("x\0", "y"), ("../x", "y"), ("x", "\u202ey")))
    with zipfile.ZipFile(file, "w", method, compresslevel=1) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two of one name
        for name, content in zip(names, (x, y), strict=True):
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


def _read_npz(folder: Path, content: bytes, draw: random.Random) -> None:
    path = folder / "harmed_arrays.npz"
    path.write_bytes(content)
    split = Split(by="group", column="y") if draw.random() < 0.1 else None
    own = {"validation_path": str(path)} if draw.random() < 0.1 else {"test_path": str(path)}
    _use(NpzDataLoader(str(path), split=split, **own, **_settings(draw)))


def _read_npy(folder: Path, x: bytes, y: bytes, draw: random.Random) -> None:
    paths = folder / "harmed_x.npy", folder / "harmed_y.npy"
    for path, content in zip(paths, (x, y), strict=True):
        path.unlink(missing_ok=True)  # what is mapped may still be in use
        path.write_bytes(content)
    split = Split(by="group", column=str(paths[1])) if draw.random() < 0.1 else None
    _use(NpyDataLoader(*map(str, paths), split=split, **_settings(draw)))


def _settings(draw: random.Random) -> dict[str, Any]:
    return {
        "task": draw.choice(("classification", "classification", "regression")),
        "classes": draw.choice((*[None] * 8, ["cat", "dog", "mouse"])),
        "shape": draw.choice((*[None] * 8, [108], [6, 6, 3], [8, 8, 1], [2, 2])),
        "normalize": draw.choice((None, "min_max", "standardize")),
    }


def _use(loader: ArrayDataLoader) -> None:
    """What a run does with its data."""
    try:
        for data in (*loader.load(RandomStreams(1)), loader.load_test(RandomStreams(1))):
            if data is not None:
                data.inputs_of(slice(0, 4))
                data.read_targets(slice(None))
        loader.state_dict()
    except ValueError as error:  # of settings, with which a run ends with exit code 2
        if not str(error).startswith(("normalize", "split by group")):
            raise
