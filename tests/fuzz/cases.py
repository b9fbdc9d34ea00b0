"""What is harmed, and what then reads it."""

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from data_loader.idx import read_idx
from tests.fake_mnist import idx, write_fake_mnist
from tests.fuzz.arrays import array_attacks
from tests.fuzz.experiments import build_harmed_config
from tests.fuzz.harm import harm_bytes, harm_value
from tests.fuzz.images import read_harmed_images, whole_images
from tests.fuzz.tables import read_harmed_table
from tests.running import PROJECT
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.resume import plan
from trainer.checkpoints.snapshot import restore_experiment
from trainer.experiment import prepare
from trainer.start import train
from utils.config.files import read_config
from utils.config.parser import ConfigParser

CONFIGS = [PROJECT / "config.json", *sorted((PROJECT / "configs").rglob("*.json"))]
BOMB = b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [%s]\n" % (i, i, b"*a%d, " % (i - 1) * 9) for i in range(1, 20))
CYCLE = b"a: &a\n  b: *a\n"
TAG = b"name: !!python/object/apply:os.system [exit]\n"
Attack = Callable[[random.Random], None]


@dataclass(frozen=True)
class Seeds:
    """Whole files to harm, in a folder to work in."""

    folder: Path
    checkpoint: Path
    mnist: Path


def seeds(folder: Path) -> Seeds:
    """Train a small network for a moment and keep its checkpoint of the middle of an epoch."""
    data = write_fake_mnist(folder / "data")
    config = {
        "name": "fuzz", "seed": 1,
        "arch": {"type": "Sequential", "args": {"layers": [
            "Flatten", {"type": "Linear", "args": {"out_features": 4}}, "BatchNorm1D", "ReLU",
            {"type": "Linear", "args": {"out_features": 10}},
        ]}},
        "data_loader": {"type": "MnistDataLoader", "args": {
            "data_dir": str(data), "validation_split": 0.2, "normalize": "standardize",
        }},
        "loss": "CrossEntropyLoss", "metrics": ["accuracy"], "optimizer": {"type": "Adam", "args": {"lr": 0.01}},
        "lr_scheduler": {"type": "ReduceLROnPlateau", "args": {}},
        "trainer": {"epochs": 2, "save_dir": str(folder / "saved"), "verbosity": 0, "threads": 1},
    }  # fmt: skip
    path = folder / "fuzz.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    train(plan(str(path), None, ["trainer.epochs=1"]), "run", tsne=False)
    return Seeds(folder, folder / "saved/models/fuzz/run/last.npz", data)


def attacks(given: Seeds) -> list[Attack]:
    """One of each kind; a call draws a harm and lets the project read the result."""
    checkpoint, content = load_checkpoint(given.checkpoint), given.checkpoint.read_bytes()
    configs = [json.loads(path.read_text(encoding="utf-8")) for path in CONFIGS]
    extended = [read_config(str(path)) for path in CONFIGS]
    whole_configs = [config for config in extended if "data_loader" in config]  # and no settings of a search
    whole, images = idx(np.arange(60, dtype=np.uint8).reshape(3, 4, 5)), whole_images()
    return [
        lambda draw: _read_checkpoint(given, harm_bytes(content, draw)),
        lambda draw: _restore(given, _harmed_checkpoint(checkpoint, draw)),
        lambda draw: _read_config(given, ".json", json.dumps(harm_value(draw.choice(configs), draw)).encode()),
        lambda draw: _read_config(given, ".yaml", yaml.safe_dump(_shallow(draw.choice(configs), draw)).encode()),
        lambda draw: _read_config(given, draw.choice((".json", ".yaml")), harm_bytes(_text(configs, draw), draw)),
        lambda draw: _read_idx(given, "images", harm_bytes(whole, draw)),
        lambda draw: _read_idx(given, "images.gz", harm_bytes(gzip.compress(whole), draw)),
        lambda draw: _read_idx(given, "images.gz", gzip.compress(harm_bytes(whole, draw))),
        *array_attacks(given.folder),
        lambda draw: build_harmed_config(given.folder, whole_configs, given.mnist, draw),
        lambda draw: read_harmed_table(given.folder, draw),
        lambda draw: read_harmed_images(given.folder / "images", images, draw),
    ]


def _text(configs: list[Any], draw: random.Random) -> bytes:
    if draw.random() < 0.05:
        return draw.choice((b"[" * 100_000, b'{"a":' * 50_000, b"- " * 20_000, BOMB, CYCLE, TAG, b"9" * 10_000))
    return json.dumps(draw.choice(configs), indent=draw.choice((None, 2))).encode()


def _shallow(value: Any, draw: random.Random) -> Any:
    """A harm that the YAML writer can write; it is slow and recurses where the reader must not."""
    harmed = harm_value(value, draw)
    try:
        text = json.dumps(harmed)
    except RecursionError:
        return value
    return harmed if len(text) < 50_000 and "[" * 50 not in text else value


def _read_checkpoint(given: Seeds, content: bytes) -> None:
    path = given.folder / "harmed.npz"
    path.write_bytes(content)
    plan(None, str(path), [])


def _harmed_checkpoint(whole: Checkpoint, draw: random.Random) -> Checkpoint:
    """One with a right checksum: another number in the meta, another array, or an array by another name."""
    meta, arrays = dict(whole.meta), dict(whole.arrays)
    name = draw.choice([*arrays])
    match draw.randrange(5):
        case 0:
            arrays[draw.choice(("x", "model/x", "optimizer/x/y"))] = arrays.pop(name)
        case 1:
            with np.errstate(over="ignore"):
                arrays[name] = draw.choice((np.zeros(3), arrays[name].T, arrays[name].astype("f2"), np.array(True)))
        case 2:
            meta["config"] = harm_value(meta["config"], draw)
        case _:
            key = draw.choice([key for key in meta if key != "config"])
            meta[key] = harm_value(meta[key], draw)
    return Checkpoint(arrays, meta)


def _restore(given: Seeds, checkpoint: Checkpoint) -> None:
    path = given.folder / "harmed.npz"
    try:
        checkpoint.save(path)
    except (RecursionError, ValueError, UnicodeError):
        return  # cannot even be written
    planned = plan(None, str(path), [])
    if planned.config.resolved["data_loader"] == load_checkpoint(given.checkpoint).meta["config"]["data_loader"]:
        restore_experiment(prepare(planned.config, planned.data_state), planned)


def _read_config(given: Seeds, ending: str, content: bytes) -> None:
    path = given.folder / f"harmed{ending}"
    path.write_bytes(content)
    ConfigParser.from_file(path).build()


def _read_idx(given: Seeds, name: str, content: bytes) -> None:
    folder = given.folder / "idx"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    (folder / name).write_bytes(content)
    read_idx(folder, "images", axes=3)
