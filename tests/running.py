"""Running the programs, in this process where that is faster and as a user does where it matters."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from base.types import Array
from trainer.checkpoints.resume import plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.start import train

PROJECT = Path(__file__).resolve().parent.parent
Config = dict[str, Any]


def run(config: Config, *changes: str, run_id: str = "run", resume: str | Path | None = None) -> RunFolder:
    """Train a config changed by KEY=VALUE in the current folder, from a checkpoint where one is given."""
    write_config(config)
    train(plan("config.json", None if resume is None else str(resume), changes), run_id, tsne=False)
    return RunFolder(Path("saved"), config["name"], run_id)


def go_on(resume: str | Path, *changes: str, run_id: str | None = None) -> None:
    """What `train.py -r RESUME` does."""
    train(plan(None, str(resume), changes), run_id, tsne=False)


def program(name: str, *arguments: str | Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run train.py or test.py in the current folder; it must end with this exit code and without a traceback."""
    done = subprocess.run(command(name, *arguments), capture_output=True, text=True, timeout=180)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == expect, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def command(name: str, *arguments: str | Path) -> list[str]:
    """The command line of a program."""
    return [sys.executable, str(PROJECT / name), *map(str, arguments)]


def write_config(config: Config) -> None:
    """Write config.json into the current folder."""
    Path("config.json").write_text(json.dumps(config), encoding="utf-8")


def records(folder: RunFolder) -> list[dict[str, Any]]:
    """The lines of a run's metrics.jsonl."""
    return [json.loads(line) for line in (folder.log / "metrics.jsonl").read_text().splitlines()]


def arrays(path: Path) -> dict[str, Array]:
    """The arrays of a checkpoint, read as anybody may read them."""
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files if name != "meta"}


def meta(path: Path) -> dict[str, Any]:
    """What else a checkpoint holds."""
    with np.load(path, allow_pickle=False) as file:
        found: dict[str, Any] = json.loads(str(file["meta"]))
    return found


def same_bits(one: dict[str, Array], other: dict[str, Array]) -> bool:
    """Whether two sets of arrays have the same names, types, shapes and bits."""
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype
        and one[name].shape == other[name].shape
        and one[name].tobytes() == other[name].tobytes()
        for name in one
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
