"""Kills and stops real runs at random moments, continues them, and compares with a run that was never stopped.

    python -m tests.crash --rounds 30

Every third signal comes while a checkpoint is being written; each start has one worker or two. A round is over when
the run has come to its end; it fails where weights, optimizer, best value, metrics or log lines differ by a bit or a
line, a stop has another exit code or a traceback, or a process is left behind.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.fake_mnist import write_fake_mnist
from tests.running import Config, arrays, command, meta, records, same_bits
from trainer.checkpoints.run_folder import RunFolder

KILLS = 3  # at most, in a round
SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGXCPU]
PATIENCE = 60.0  # seconds that no run takes
_OTHERS = ("seconds", "sha256", "log_bytes", "threads")  # in a checkpoint, and no result of training

MLP: Config = {
    "arch": {"type": "MLP", "args": {"layer_sizes": [784, 64, 10], "dropout": 0.2}},
    "augmentation": [{"type": "RandomShift", "args": {"max_pixels": 1}}],
    "optimizer": {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}},
    "lr_scheduler": {"type": "OneCycleLR", "args": {"max_lr": 0.2}},
    "regularizer": {"type": "L2", "args": {"weight": 1e-4}},
    "trainer": {"epochs": 12, "save_period": 4, "keep_last": 1, "checkpoint_every_steps": 3},
}
PLATEAU = {"type": "ReduceLROnPlateau", "args": {"figure": "val_loss", "patience": 0, "factor": 0.5}}
CNN: Config = {
    "arch": {
        "type": "CNN",
        "args": {
            "channels": [4, 8], "kernel_size": 3, "hidden_sizes": [16], "classes": 10,
            "batch_norm": True, "dropout": 0.2,
        },
    },
    "augmentation": [{"type": "RandomAffine", "args": {"degrees": 10}}, "Mixup"],
    "optimizer": {"type": "Adam", "args": {"lr": 0.01, "amsgrad": True}},
    "lr_scheduler": {"type": "LinearWarmup", "args": {"total_iters": 9, "scheduler": PLATEAU}},
    "trainer": {
        "epochs": 12, "early_stop": 4, "checkpoint_every_minutes": 1e-4, "ema": {"decay": 0.9}, "accumulate_steps": 2,
        "grad_clip": {"norm": 1.0},
    },
}  # fmt: skip
BRIEF: Config = {  # epochs of milliseconds, most of which are never written
    **MLP,
    "lr_scheduler": PLATEAU,
    "trainer": {"epochs": 400, "checkpoint_every_steps": 5},
}
KINDS = {"mlp": MLP, "cnn": CNN, "brief": BRIEF}


def common(name: str, data: Path) -> Config:
    """A config of one kind, whole."""
    loader = {"data_dir": str(data), "batch_size": 16, "validation_split": 0.2}
    own: Config = KINDS[name]
    return {
        "name": name,
        "seed": 5,
        "data_loader": {"type": "MnistDataLoader", "args": loader},
        "loss": "CrossEntropyLoss",
        "metrics": ["accuracy", "f1", "roc_auc"],
        **own,
        "trainer": {
            "monitor": "max val_accuracy",
            "shards": 2,
            "threads": 2,
            "verbosity": 0,
            "pictures": [],
            "report": False,
            **own["trainer"],
        },
    }


class Round:
    """One run that is killed and continued until it is done, in a folder of its own."""

    def __init__(self, folder: Path, name: str, chance: random.Random) -> None:
        self.folder = folder
        self.name = name
        self.chance = chance
        self.run = RunFolder(folder / "saved", name, "run")
        self.kills = 0

    def play(self, longest: float) -> None:
        """Start, kill, continue, ... to the end; `longest` is how long a kill is waited for."""
        while True:
            process = self._start()
            if self.kills < KILLS and self._kill(process, longest):
                self.kills += 1
                _expect_none_left(process.pid)
            else:
                _expect_success(process)
                return

    def _start(self) -> subprocess.Popen[bytes]:
        arguments = ("-r", "latest") if self.run.last.exists() else ("-c", f"{self.name}.json", "--run-id", "run")
        if not self.run.last.exists():
            shutil.rmtree(self.folder / "saved", ignore_errors=True)
        workers = ("--set", f"trainer.threads={self.chance.choice((1, 2))}")
        return subprocess.Popen(
            command("train.py", *arguments, *workers), cwd=self.folder, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def _kill(self, process: subprocess.Popen[bytes], longest: float) -> bool:
        """Send a signal after a random time, or then while a checkpoint is being written; whether it still ran."""
        try:
            process.wait(self.chance.uniform(0, longest))
            return False
        except subprocess.TimeoutExpired:
            pass
        writing = self.chance.random() < 1 / 3
        while writing and process.poll() is None and not [*self.run.models.glob(".*.tmp")]:
            pass
        if process.poll() is not None:
            return False  # its output is yet to be read
        sent = self.chance.choice(SIGNALS)
        process.send_signal(sent)
        _expect_stopped(process, sent)
        return True


def compare(one: RunFolder, other: RunFolder) -> None:
    """Assert that two runs left the same, but for times and workers."""
    for name in ("last.npz", "best.npz"):
        assert same_bits(arrays(one.models / name), arrays(other.models / name)), f"{name}: arrays differ"
        first, second = (_result(meta(folder.models / name)) for folder in (one, other))
        assert first == second, f"{name}: {first} {second}"
    assert [*map(_result, records(one))] == [*map(_result, records(other))], "metrics.jsonl differs"
    assert (one.log / "steps.csv").read_bytes() == (other.log / "steps.csv").read_bytes(), "steps.csv differs"
    assert _epoch_lines(one) == _epoch_lines(other), "run.log differs"
    assert _names(one.models) == _names(other.models)


def main() -> None:
    """Play the rounds and say how they ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kills = play(Path(folder), arguments.rounds, arguments.seed)
    print(f"{arguments.rounds} runs killed {kills} times ended as those that were never stopped, to the bit")


def play(folder: Path, rounds: int, seed: int) -> int:
    """So many rounds, of all kinds in turn; returns the number of kills. Raises AssertionError where one differs."""
    data, chance, kills = write_fake_mnist(folder / "data"), random.Random(seed), 0
    whole = {name: _whole(folder / f"whole-{name}", name, data) for name in KINDS}
    for number in range(rounds):
        name = [*KINDS][number % len(KINDS)]
        place = _place(folder / f"round-{number}", name, data)
        one = Round(place, name, chance)
        run, seconds = whole[name]
        one.play(seconds)
        compare(run, one.run)
        kills += one.kills
        print(f"round {number + 1} of {rounds}, {name}: killed {one.kills} times", file=sys.stderr)
        shutil.rmtree(place)
    return kills


def _whole(folder: Path, name: str, data: Path) -> tuple[RunFolder, float]:
    """A run that is never stopped, and its seconds."""
    place, start = _place(folder, name, data), time.perf_counter()
    subprocess.run(command("train.py", "-c", f"{name}.json", "--run-id", "run"), cwd=place, check=True)
    return RunFolder(place / "saved", name, "run"), time.perf_counter() - start


def _place(folder: Path, name: str, data: Path) -> Path:
    folder.mkdir()
    (folder / f"{name}.json").write_text(json.dumps(common(name, data)), encoding="utf-8")
    return folder


def _result(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _result(item) for key, item in value.items() if key not in _OTHERS}
    return value


def _epoch_lines(run: RunFolder) -> list[str]:
    """What run.log says of epochs, without times, which may take the rate's place."""
    log = (run.log / "run.log").read_text(encoding="utf-8")
    return [
        re.sub(r"( +lr \S+)?( +\S+ m?s)?$", "", line.split("INFO")[1]) for line in log.splitlines() if "  loss " in line
    ]


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def _expect_none_left(group: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("a worker process outlived the run by ten seconds")


def _expect_stopped(process: subprocess.Popen[bytes], sent: signal.Signals) -> None:
    """It ended by the signal or as one is told that it does, or had come to its end before."""
    output = process.communicate(timeout=PATIENCE)[0].decode()
    expected = (-sent,) if sent == signal.SIGKILL else (-sent, 128 + sent, 0)
    assert process.returncode in expected, f"code {process.returncode} after {sent.name}: {output}"
    assert "Traceback" not in output, f"after {sent.name}: {output}"


def _expect_success(process: subprocess.Popen[bytes]) -> None:
    """The run came to its end, or had when it was killed."""
    output = process.communicate(timeout=PATIENCE)[0].decode()
    ended = "to go on, ask for more" in output or "stopped early: " in output
    assert process.returncode == 0 or (process.returncode == 2 and ended), f"code {process.returncode}: {output}"


if __name__ == "__main__":
    main()
