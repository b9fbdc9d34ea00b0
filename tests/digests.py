"""Short trainings of every kind, and the digests of their weights: python -m tests.digests [NAME ...] [--threads N]

Compiled, these are the same on every processor with fused multiply-add; `digests.json` holds them, and
`python -m tests.digests --write` renews it, for a change that is meant to change bits.
"""

import argparse
import json
import os
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from ops.choose import Enum
from trainer.checkpoints.checkpoint import load_checkpoint
from trainer.checkpoints.resume import Plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.start import train
from utils.config.parser import ConfigParser

STORED = Path(__file__).with_suffix(".json")
DATA = Path(__file__).resolve().parent.parent / "data" / "mnist"

MLP = {"type": "MLP", "args": {"layer_sizes": [784, 33, 10]}}
CNN = {"type": "CNN", "args": {"channels": [5, 20], "kernel_size": [5, 3], "hidden_sizes": [24], "classes": 10}}
RESNET = {"type": "ResNet", "args": {"channels": [8, 12], "classes": 10}}
LAYERS = [
    {"type": "Conv2D", "args": {"out_channels": 6, "kernel_size": 3, "stride": 2, "padding": 1}},
    {"type": "LeakyReLU", "args": {}},
    {"type": "Conv2D", "args": {"out_channels": 6, "kernel_size": 3, "groups": 6, "padding": "same"}},
    "BatchNorm2D",
    "GELU",
    {"type": "Conv2D", "args": {"out_channels": 8, "kernel_size": 3, "groups": 2, "dilation": 2}},
    "SiLU",
    {"type": "AvgPool2D", "args": {"kernel_size": 3, "stride": 2, "padding": 1}},
    {"type": "MaxPool2D", "args": {"kernel_size": 3, "stride": 1}},
    "Flatten",
    {"type": "Linear", "args": {"out_features": 20}},
    "LayerNorm",
    "Tanh",
    {"type": "Linear", "args": {"out_features": 17}},
    "Sigmoid",
    {"type": "Linear", "args": {"out_features": 10}},
]
AUGMENTATION = [
    {"type": "RandomShift", "args": {"max_pixels": 2}},
    {"type": "RandomAffine", "args": {"degrees": 10, "scale": [0.9, 1.1], "shear": 5, "translate": [0.1, 0.1]}},
    {"type": "ElasticDeformation", "args": {}},
    {"type": "GaussianNoise", "args": {"std": 0.05}},
    {"type": "RandomErasing", "args": {}},
    {"type": "Cutout", "args": {"size": 6}},
    {"type": "Mixup", "args": {}},
]
ADAM = {"type": "Adam", "args": {"lr": 0.002}}

TRAININGS: dict[str, dict[str, Any]] = {
    "mlp": {},
    "mlp, float64": {"dtype": "float64"},
    "mlp, dropout, Adam, EMA": {
        "arch": {"type": "MLP", "args": {"layer_sizes": [784, 40, 16, 10], "dropout": 0.3}},
        "optimizer": ADAM,
        "ema": {"decay": 0.9},
    },
    "mlp, augmentation, four shards": {"augmentation": AUGMENTATION, "shards": 4},
    "mlp, accumulation, clipping, max norm": {
        "accumulate_steps": 2,
        "grad_clip": {"norm": 0.5},
        "regularizer": {"type": "MaxNorm", "args": {"max_norm": 0.9}},
    },
    "mlp, smooth targets, cosine": {
        "loss": {"type": "CrossEntropyLoss", "args": {"label_smoothing": 0.1}},
        "lr_scheduler": {"type": "CosineAnnealingLR", "args": {}},
        "regularizer": {"type": "ElasticNet", "args": {"l1": 1e-5, "l2": 1e-4}},
    },
    "cnn": {"arch": CNN, "regularizer": {"type": "L2", "args": {"weight": 1e-3}}},
    "cnn, float64": {"arch": CNN, "dtype": "float64", "optimizer": ADAM},
    "resnet, batch norm": {"arch": RESNET, "optimizer": {"type": "AdamW", "args": {"lr": 0.002}}},
    "layers of all kinds": {"arch": {"type": "Sequential", "args": {"layers": LAYERS}}, "optimizer": ADAM},
}


def digest(name: str, ops: Enum = "compiled", threads: int = 1) -> str:
    """Train, in the current folder, and tell what became of the weights."""
    kind = TRAININGS[name]
    own = {key: kind[key] for key in ("dtype", "ema", "shards", "accumulate_steps", "grad_clip") if key in kind}
    settings = {
        "epochs": 1, "verbosity": 0, "pictures": [], "report": False, "shards": 2, "threads": threads, "ops": ops,
    }  # fmt: skip
    config = {
        "name": "digest",
        "seed": 7,
        "arch": kind.get("arch", MLP),
        "data_loader": {
            "type": "MnistDataLoader",
            "args": {"data_dir": str(DATA), "batch_size": 50, "subset": 520, "validation_split": 0.2},
        },
        "augmentation": kind.get("augmentation"),
        "loss": kind.get("loss", "CrossEntropyLoss"),
        "metrics": ["accuracy"],
        "optimizer": kind.get("optimizer", {"type": "SGD", "args": {"lr": 0.05, "momentum": 0.9}}),
        "regularizer": kind.get("regularizer"),
        "lr_scheduler": kind.get("lr_scheduler"),
        "trainer": settings | own,
    }
    run = "".join(letter if letter.isalnum() else "-" for letter in f"{name}-{threads}")
    train(Plan(ConfigParser(config)), run, tsne=False)
    return load_checkpoint(RunFolder(Path("saved"), "digest", run).last).digest


def main() -> None:
    """Print the digests as JSON, or store them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", default=[*TRAININGS])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="renew digests.json")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):  # where runs may warn
        os.chdir(folder)
        found = {name: digest(name, threads=args.threads) for name in args.names}
        os.chdir("/")
    text = json.dumps(found, indent=2) + "\n"
    if args.write:
        STORED.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
