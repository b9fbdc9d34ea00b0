"""Inputs and checkpoints that predict.py cannot use."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.mistakes.making import RUN, Wrong, text


def predicting(*inputs: str) -> tuple[str, ...]:
    """The command that predicts these with the run."""
    return ("predict.py", "-r", str(RUN), *inputs)


def array(name: str, values: np.ndarray, cut: int = 0) -> Callable[[], object]:
    """Write an .npy file, of which the last bytes may be cut."""

    def write() -> None:
        np.save(name, values)
        Path(name).write_bytes(Path(name).read_bytes()[: os.path.getsize(name) - cut])

    return write


def zipped(name: str, member: str) -> Callable[[], object]:
    """Write a ZIP archive of one file."""

    def write() -> None:
        with zipfile.ZipFile(name, "w") as archive:
            archive.writestr(member, "content")

    return write


PREDICTIONS = [
    Wrong("nothing to predict", None, ("predict.py", "-r", str(RUN)), "the following arguments are required: INPUT"),
    Wrong("no network to predict with", None, ("predict.py", "x.png"), "required: -r/--resume"),
    Wrong(
        "no checkpoint to predict with", None, ("predict.py", "-r", "no.npz", "x.png"), "there is no such checkpoint"
    ),
    Wrong("no such input", None, predicting("x.png"), "error: 1 input cannot be used:\n  x.png: there is no such file"),
    Wrong("a folder without images", None, predicting("saved"), "saved: holds no images"),
    Wrong("labels to predict", None, predicting("data/t10k-labels-idx1-ubyte.gz"), "which cannot be made (28, 28, 1)"),
    Wrong("an image that is none", text("x.png", "x"), predicting("x.png"), "x.png: cannot be read as an image"),
    Wrong("an empty table", text("x.csv", ""), predicting("x.csv"), "x.csv: the file is empty"),
    Wrong("a table that is too narrow", text("x.csv", "1,2\n3,4\n"), predicting("x.csv"), "has 2 columns, the network"),
    Wrong("a table in another encoding", text("x.csv", b"a,b\n\xff,\xfe\n"), predicting("x.csv"), "is not text in the"),
    Wrong(
        "an array of shades from 0 to 1",
        array("x.npy", np.full((2, 28, 28), 0.5)),
        predicting("x.npy"),
        "x.npy: has fractions; expected whole numbers",
    ),
    Wrong("16 bits", array("x.npy", np.full((2, 28, 28), 256, ">u2")), predicting("x.npy"), "from 256 to 256"),
    Wrong("shades below 0", array("x.npy", np.full((2, 784), -1)), predicting("x.npy"), "from -1 to -1; expected"),
    Wrong("a mask", array("x.npy", np.ones((2, 28, 28), bool)), predicting("x.npy"), "x.npy: is of bool; expected"),
    Wrong("a single image", array("x.npy", np.zeros((28, 28))), predicting("x.npy"), "an array of one, x[None]"),
    Wrong("arrays without numbers", array("x.npy", np.zeros((2, 0))), predicting("x.npy"), "which cannot be made"),
    Wrong(
        "an array cut short", array("x.npy", np.zeros((2, 28, 28)), cut=9), predicting("x.npy"), "but has 12663 bytes"
    ),
    Wrong("a single number", array("x.npy", np.array(3)), predicting("x.npy"), "expected an array of samples, got a"),
    Wrong("an array of texts", array("x.npy", np.array(["a"])), predicting("x.npy"), "expected numbers, found <U1"),
    Wrong(
        "an archive of several arrays",
        lambda: np.savez("x.npz", a=np.zeros(1), b=np.zeros(1)),
        predicting("x.npz"),
        "x.npz: has no array 'x', the name of the inputs; it has a, b",
    ),
    Wrong("an archive without arrays", lambda: np.savez("x.npz"), predicting("x.npz"), "x.npz: holds no arrays\n"),
    Wrong("an archive of images", zipped("x.zip", "a.png"), predicting("x.zip"), "holds no arrays, but others: a.png"),
    Wrong("a spreadsheet", zipped("x.xlsx", "a.xml"), predicting("x.xlsx"), "x.xlsx: is no text, but a ZIP archive"),
    Wrong("a pipe", lambda: os.mkfifo("pipe"), predicting("pipe"), "pipe: is not a file but a pipe or a device"),
    Wrong("an archive that is none", text("x.npz", "PK"), predicting("x.npz"), "x.npz: cannot be read: it is damaged"),
    Wrong("an IDX file cut short", text("x-ubyte", b"\0\0\x08\3\0"), predicting("x-ubyte"), "cut short within its"),
    Wrong("a folder to write to", None, (*predicting("x.png"), "-o", "data"), "-o data: is a folder"),
    Wrong("an input to write to", None, (*predicting("config.json"), "-o", "config.json"), "would be overwritten"),
    Wrong("the checkpoint to write to", None, (*predicting("x"), "-o", str(RUN / "best.npz")), "would be overwritten"),
    Wrong(
        "an image to write to",
        text("data/a.png", "x"),
        (*predicting("data"), "-o", "data/a.png"),
        "would be overwritten",
    ),
    Wrong(
        "a checkpoint to export to",
        None,
        ("export.py", "-r", str(RUN), "-o", str(RUN / "best.npz")),
        "expected a file that ends in .onnx, got 'saved",
    ),
    Wrong("a path that looks like a flag", None, predicting("--", "-r.png"), "-r.png: there is no such file"),
    Wrong("a file below a file", None, (*predicting("x"), "-o", "config.json/x"), "cannot write config.json", 4),
]
