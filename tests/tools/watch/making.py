"""A folder of runs and searches, made of files alone, and a process that trains as far as others can see."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from logger.comparison.run import Run
from tests.logger.comparison.making import made, record
from tests.running import PROJECT

TRAINS = "import sys, pathlib; from trainer.checkpoints.run_lock import training_in\n"
TRAINS += "with training_in(pathlib.Path(sys.argv[1])):\n    print('training', flush=True)\n    sys.stdin.read()"
SUMMARY = {
    "name": "net", "steps_per_epoch": 10, "mode": "max", "figure": "val_accuracy", "samples": {"training": 9},
    "input_shape": [4], "classes": None, "layers": [], "best": {"epoch": 1, "value": 0.5},
}  # fmt: skip


def made_run(save_dir: Path, run_id: str, epochs: int = 2, state: str | None = "done", **changes: Any) -> Run:
    """A run of some epochs with growing accuracy, that says it is in a state."""
    records = [record(epoch, 1 / epoch, 0.5 + 0.01 * epoch) for epoch in range(1, epochs + 1)]
    run = made(save_dir, run_id, records, **changes)
    if state:
        say(run, state, epochs)
    return run


def say(run: Run, state: str, epoch: int = 2) -> None:
    """Write the summary of a run."""
    told = SUMMARY | {"run_id": run.run_id, "state": state, "epoch": epoch, "epochs": 3, "seconds": 1.5}
    (run.files.log / "summary.json").write_text(json.dumps(told))


def made_runs(root: Path, count: int) -> None:
    """Many runs of twenty epochs, called r0000 and so on."""
    model = made_run(root / "model", "model", 20).files
    config, metrics = model.config, (model.log / "metrics.jsonl").read_text()
    for number in range(count):
        name, run_id = f"net{number % 7}", f"r{number:04d}"
        models, log = root / "models" / name / run_id, root / "log" / name / run_id
        models.mkdir(parents=True)
        log.mkdir(parents=True)
        (models / "config.json").write_text(json.dumps(config | {"name": name}))
        (log / "metrics.jsonl").write_text(metrics)
        summary = SUMMARY | {"name": name, "run_id": run_id, "state": "done", "epoch": 20, "epochs": 20}
        (log / "summary.json").write_text(json.dumps(summary))
    shutil.rmtree(root / "model")


@contextmanager
def training(run: Run) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the run's lock until its input ends."""
    command = [sys.executable, "-c", TRAINS, str(run.files.models.resolve())]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    assert process.stdout
    assert process.stdout.readline() == "training\n"
    try:
        yield process
    finally:
        process.communicate()


def made_search(save_dir: Path, name: str = "rates", **state: Any) -> Path:
    """A search of three settings, one of which was pruned."""
    folder = save_dir / "search" / name
    folder.mkdir(parents=True)
    lines = ["setting,state,val_accuracy,deviation,seed 1,seconds,runs,optimizer.args.lr,message"]
    for setting, (ended, value) in enumerate((("done", 0.75), ("pruned", 0.5), ("done", 0.875))):
        lines.append(f"{setting},{ended},{value},,{value},1.0,{name}-{setting:04d}-s1,0.{setting}23456789,")
    (folder / "results.csv").write_text("\n".join([*lines, ""]))
    (folder / "study.db").touch()
    if state:
        (folder / "state.json").write_text(json.dumps({"mode": "max", "metric": "val_accuracy", "settings": 4} | state))
    return folder
