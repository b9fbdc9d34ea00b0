"""How long one waits for the first batch, and for the compiler: python -m benchmarks.startup

The first batch is that of config.json, from the start of Python on, with kernels that were compiled before. Compiling
starts with empty caches: for trainings of one step, and by `python -m ops.compiled`. Seconds of cores, those of all
processes, say more than a clock where others use the machine.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from utils.command_line import no_arguments

ROUNDS = 9
SHORT = ("--epochs=1", "--set", "trainer.len_epoch=1", "--set", "trainer.pictures=[]", "--set", "trainer.report=false",
         "--set", "trainer.threads=1", "-q")  # fmt: skip
FIRST_BATCH = """
import os, sys, time
sys.path.insert(0, "")
import train
from utils.entry import run_program

def wait_for_trainer():
    from trainer.trainer import Trainer
    step = Trainer._train_step

    def first_step(trainer):
        step(trainer)
        print(time.time(), time.process_time())
        sys.stdout.flush()
        os._exit(0)

    Trainer._train_step = first_step
    train.main()

run_program(wait_for_trainer)
"""


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = [first_batch(folder) for _ in range(ROUNDS + 1)][1:]
        for name, seconds in zip(("by the clock", "of a core"), zip(*rounds, strict=True), strict=True):
            print(f"first batch of config.json: {statistics.median(seconds):5.2f} s {name}, least {min(seconds):.2f}")
        for config in ("config.json", "configs/cnn_best.json"):
            report(f"compiled for {config}", folder, "train.py", "-c", config, *saved_in(folder), *SHORT)
        report("compiled ahead, everything", folder, "-m", "ops.compiled")


def first_batch(folder: str) -> tuple[float, float]:
    """Seconds by the clock and of a core from the start of Python to the end of the first step."""
    start = time.time()
    command = [sys.executable, "-c", FIRST_BATCH, "-c", "config.json", *saved_in(folder), *SHORT]
    end, used = map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    return end - start, used


def report(what: str, folder: str, *command: str) -> None:
    """Print how many kernels a command compiles, and how much longer it takes than the next time."""
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        (cold, cold_used), (warm, warm_used) = (timed(command, cache) for _ in range(2))
        kernels = sum(path.is_file() and path.name != ".lock" for path in Path(cache).rglob("*"))
    print(f"{what}: {kernels} kernels, {cold - warm:.1f} s by the clock, {cold_used - warm_used:.1f} s of cores")


def timed(command: Sequence[str], cache: str) -> tuple[float, float]:
    """Seconds by the clock and of cores that a command takes."""
    start, before = time.perf_counter(), os.times()
    environment = os.environ | {"OPS_CACHE_DIR": cache}
    subprocess.run([sys.executable, *command], check=True, env=environment, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - start, os.times()
    return seconds, sum(after[2:4]) - sum(before[2:4])


def saved_in(folder: str) -> tuple[str, str]:
    """Where trainings write."""
    return "--set", f"trainer.save_dir={folder}/saved"


if __name__ == "__main__":
    no_arguments("benchmarks.startup", __doc__)
    main()
