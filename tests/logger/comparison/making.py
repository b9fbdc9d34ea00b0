"""Runs made of files alone."""

import json
from pathlib import Path
from typing import Any

from logger.comparison.run import Run
from logger.run_files import RunFiles

Record = dict[str, Any]


def record(epoch: int, loss: float, accuracy: float, seconds: float = 1.0) -> Record:
    """An epoch as metrics.jsonl has it."""
    return {
        "epoch": epoch, "step": 10 * epoch, "loss": loss, "accuracy": accuracy, "val_loss": loss + 0.1,
        "val_accuracy": accuracy - 0.1, "lr": 0.1, "seconds": seconds,
    }  # fmt: skip


def made(
    save_dir: Path, run_id: str, records: list[Record], name: str = "net", test: Record | None = None, **changes: Any
) -> Run:
    """A run whose files are written now; `changes` are those of its config."""
    files = RunFiles(save_dir / "models" / name / run_id, save_dir / "log" / name / run_id)
    for folder in (files.models, files.log):
        folder.mkdir(parents=True)
    config = {"name": name, "trainer": {"epochs": 3, "monitor": "max val_accuracy"}} | changes
    (files.models / "config.json").write_text(json.dumps(config))
    (files.log / "metrics.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    if test is not None:
        (files.log / "test.json").write_text(json.dumps(test))
    return Run(files)
