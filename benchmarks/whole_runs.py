"""Whole runs as a user starts them: python -m benchmarks.whole_runs

Seconds of an epoch of each config whose data lie in the repository (training, validation, files), the median of the
second to the fourth; and the time of `python train.py -c config.json` from its start to its end, pictures included.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from utils.command_line import no_arguments

DEFAULT = "config.json"
CONFIGS = [DEFAULT, *(f"configs/{name}.json" for name in (
    "mnist_fast", "cnn", "resnet", "cnn_best", "cnn_sequential", "template_lenet", "draw", "digits", "iris", "diabetes",
    "two_dimensional_linear", "two_dimensional_xor", "two_dimensional_spirals",
))]  # fmt: skip
QUICK = ("trainer.epochs=4", "trainer.report=false", "trainer.pictures=[]", "trainer.early_stop=null")


def train(config: str, folder: str, *overrides: str) -> float:
    """Run train.py and return its seconds."""
    settings = [word for override in (f"trainer.save_dir={folder}", *overrides) for word in ("--set", override)]
    start = time.perf_counter()
    subprocess.run([sys.executable, "train.py", "-c", config, *settings], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def seconds_an_epoch(config: str) -> float:
    """The median of all epochs but the first."""
    with tempfile.TemporaryDirectory() as folder:
        train(config, folder, *QUICK)
        (log,) = Path(folder).rglob("metrics.jsonl")
        epochs = [json.loads(line)["seconds"] for line in log.read_text(encoding="utf-8").splitlines()]
    return statistics.median(epochs[1:])


def main() -> None:
    """Print one line for each config, and one for the whole run."""
    for config in CONFIGS:
        print(f"{config:44} {seconds_an_epoch(config):7.2f} s an epoch", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(f"python train.py -c {DEFAULT}, from its start to its end: {train(DEFAULT, folder):.1f} s")


if __name__ == "__main__":
    no_arguments("benchmarks.whole_runs", __doc__)
    main()
