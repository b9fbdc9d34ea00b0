"""The files of a run, of any size, without training one."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from base.types import Array
from logger.history import History
from logger.run_files import RunFiles
from logger.summary import Best, LayerSummary, State, Summary
from utils.config.parser import ConfigParser
from utils.files import make_folder, replace_text

CONFIG: dict[str, Any] = {
    "name": "made",
    "seed": 309,
    "arch": {"type": "MLP", "args": {"layer_sizes": [4, 8, 2]}},
    "data_loader": {"type": "DigitsDataLoader", "args": {"batch_size": 32}},
    "loss": "CrossEntropyLoss",
    "metrics": ["accuracy"],
    "optimizer": {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}},
    "regularizer": {"type": "L2", "args": {"weight": 1e-4}},
    "trainer": {"epochs": 3},
}


def made_run(
    folder: Path,
    name: str = "made",
    state: State = "done",
    epochs: int = 3,
    steps: int = 30,
    metrics: int = 1,
    layers: int = 2,
    classes: tuple[str, ...] = ("cat", "dog"),
    seed: int = 0,
) -> RunFiles:
    """Write a run's files below a folder: random figures, as many of each as asked for."""
    files = RunFiles(folder / "models" / "made" / "run", folder / "log" / "made" / "run")
    make_folder(files.models)
    make_folder(files.log)
    random = np.random.default_rng(seed)
    replace_text(files.models / "config.json", json.dumps(ConfigParser(CONFIG).resolved))
    (files.models / "best.npz").touch()
    _write_history(files.log, epochs, steps, metrics, random)
    _write_steps(files.log, steps, layers, random)
    shown = [LayerSummary(f"linear{i}", "Linear", (8,), 40) for i in range(layers)]
    best = Best(min(2, epochs), 0.875) if epochs else None
    Summary(
        name, "run", state, epochs, max(3, epochs), 10, "max", "val_accuracy", best,
        {"training": 1000, "validation": 200}, (4,), list(classes), shown,
    ).write(files.log)  # fmt: skip
    environment = {"started": "2026-01-02T03:04:05+00:00", "command": "train.py -c config.json", "cores": 2}
    replace_text(files.log / "environment.json", json.dumps(environment))
    _write_validation(files.log, classes, random)
    return files


def _write_history(log: Path, epochs: int, steps: int, metrics: int, random: np.random.Generator) -> None:
    history = History(log)
    names = ["accuracy", *(f"metric_{i}" for i in range(1, metrics))]
    figures = ["loss", *names, "penalty", "val_loss", *(f"val_{name}" for name in names)]
    for epoch in range(1, epochs + 1):
        values = dict(zip(figures, random.random(len(figures)).tolist(), strict=True))
        history.append({"epoch": epoch, "step": epoch * steps // epochs, **values, "lr": 0.1, "seconds": 1.5})
    history.flush()


def _write_steps(log: Path, steps: int, layers: int, random: np.random.Generator) -> None:
    names = ["step", "loss", "lr", "grad_norm", *(f"update/linear{i}" for i in range(layers))]
    table = random.random((steps, len(names)))
    table[:, 0] = np.arange(1, steps + 1)
    lines = [",".join(f"{value:.6g}" for value in row) for row in table.tolist()]
    replace_text(log / "steps.csv", "\n".join([",".join(names), *lines, ""]))


def _write_validation(log: Path, classes: tuple[str, ...], random: np.random.Generator) -> None:
    counts: Array = random.integers(0, 20, (len(classes), len(classes)))
    mistake = {"sample": 17, "target": classes[0], "prediction": classes[-1], "probability": 0.9876}
    held = {
        "epoch": 2, "data": "validation", "n_samples": int(counts.sum()), "loss": 0.5, "classes": classes,
        "confusion_matrix": counts.tolist(), "mistakes": [mistake],
    }  # fmt: skip
    replace_text(log / "validation.json", json.dumps(held))


def write_noise(path: Path, width: int, height: int) -> None:
    """Write a PNG that can hardly be compressed."""
    from PIL import Image

    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
