"""What rows of mistakes are made of: the row, and what is done before its command."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

RUN = Path("saved/models/tiny/run")
LAST = RUN / "last.npz"
IMAGES, LABELS = Path("data/train-images-idx3-ubyte.gz"), Path("data/train-labels-idx1-ubyte.gz")
TEST_IMAGES = Path("data/t10k-images-idx3-ubyte.gz")
CONFIG = ("-c", "config.json")
LR = "optimizer.args.lr"


@dataclass(frozen=True)
class Wrong:
    """A mistake, what is done before it, the command, and what must come of it.

    `words` must stand in the message, after "error: " if it begins with that.
    """

    name: str
    prepare: Callable[[], object] | None
    command: tuple[str, ...]
    words: str
    code: int = 2

    def __str__(self) -> str:
        return self.name


def text(name: str, content: str | bytes) -> Callable[[], object]:
    """Write a file."""
    return lambda: Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())


def configured(**changes: Any) -> Callable[[], object]:
    """Change top-level keys of config.json; None leaves a key out."""

    def change() -> None:
        config = json.loads(Path("config.json").read_text()) | changes
        Path("config.json").write_text(json.dumps({key: value for key, value in config.items() if value is not None}))

    return change


def edited(path: Path, edit: Callable[[bytes], bytes]) -> Callable[[], object]:
    """Change a file's bytes; those of a .gz file within it."""

    def change() -> None:
        zipped = path.suffix == ".gz"
        content = edit(gzip.decompress(path.read_bytes()) if zipped else path.read_bytes())
        path.write_bytes(gzip.compress(content) if zipped else content)

    return change


def rewritten(edit: Callable[[dict[str, Any], dict[str, Any]], object]) -> Callable[[], object]:
    """Change arrays and meta of last.npz, whose checksum then does not fit."""

    def change() -> None:
        with np.load(LAST) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(str(arrays.pop("meta")))
        edit(arrays, meta)
        np.savez(LAST, meta=np.array(json.dumps(meta)), **arrays)

    return change


def byte_flipped(content: bytes) -> bytes:
    """One bit in the middle is another."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def chained(count: int) -> Callable[[], object]:
    """So many configs 0.json, 1.json, ..., each of which extends the next, and the last one config.json."""

    def write() -> None:
        for number in range(count):
            base = f"{number + 1}.json" if number + 1 < count else "config.json"
            Path(f"{number}.json").write_text(json.dumps({"extends": base}))

    return write


def moved(name: str) -> Callable[[], object]:
    """The runs are in another folder."""
    return lambda: Path("saved").rename(name)


def setting(change: str, *others: str) -> tuple[str, ...]:
    """A command with a changed key."""
    return (*CONFIG, "--set", change, *others)


XOR = {"type": "TwoDimensionalDataLoader", "args": {"task": "xor", "batch_size": 21}}
ONE_OUTPUT: dict[str, Any] = {"loss": "MSELoss", "trainer": {"epochs": 1, "save_dir": "saved"}}
ONE_OUTPUT["arch"] = {"type": "MLP", "args": {"layer_sizes": [2, 1]}}


def numbers(targets: Any, metric: str) -> Callable[[], object]:
    """Let config.json predict numbers, one of a sample, with a metric."""

    def change() -> None:
        np.savez("numbers.npz", x=np.ones((len(targets), 2)), y=targets)
        data = {"type": "NpzDataLoader", "args": {"path": "numbers.npz", "task": "regression", "test_split": 0}}
        configured(**ONE_OUTPUT, data_loader=data, metrics=[metric])()

    return change


def searched(space: dict[str, Any], **others: Any) -> Callable[[], object]:
    """Write search.json."""
    return text("search.json", json.dumps({"name": "s", "space": space, "trials": 1} | others))


def searching(*others: str) -> tuple[str, ...]:
    """A command that searches."""
    return ("search.py", *CONFIG, "-s", "search.json", *others)
