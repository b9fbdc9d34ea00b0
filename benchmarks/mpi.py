"""Steps on ranks against steps on workers, and a model of what machines and networks would make of them.

    python -m benchmarks.mpi [--cores N] [PICTURE]

needs the extra `mpi-test` and a quiet machine of 2 cores or more. The first table pairs 2 ranks of a worker each with
one process of 2 workers. The second has what the model is made of, measured here: the time of a message, bytes a
second, the step of a shard; and what it says of 2 and 4 ranks on this machine beside what they take. The third is
what it says of 8 to 256 machines; PICTURE shows that.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from utils.cores import cores

ROUNDS = 9
MLP = {"type": "MLP", "args": {"layer_sizes": [784, 512, 256, 10]}}
SMALL_CNN = {"type": "CNN", "args": {"channels": [16, 32], "kernel_size": 3, "padding": "same", "classes": 10}}
LARGE = {"type": "MLP", "args": {"layer_sizes": [784, 6800, 6800, 6400, 10]}}  # 95 million numbers
SGD = 'optimizer={"type": "SGD", "args": {"lr": 0.01, "momentum": 0.9}}'
MACHINES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
NETWORKS = {"1 Gbit/s": (1e9 / 8, 5e-5), "10 Gbit/s": (1e10 / 8, 2e-5), "100 Gbit/s": (1e11 / 8, 3e-6)}
GOODPUT = 0.9  # of a line's rate that messages get
SMALL = 5  # exchanges of a few bytes in a step: losses, norm, finite or not, stop or not, outputs


@dataclass(frozen=True)
class Case:
    """A network with a batch, and how many steps tell its time."""

    name: str
    changes: tuple[str, ...]
    batch: int
    steps: int

    def words(self, shards: int, batch: int | None = None, threads: int = 1) -> list[str]:
        """The config and what is changed in it."""
        size = f"data_loader.args.batch_size={batch or self.batch}"
        return [*self.changes, size, f"trainer.shards={shards}", f"trainer.threads={threads}"]


CASES = (
    Case("784-512-256-10", ("config.json", f"arch={json.dumps(MLP)}", SGD), 128, 100),
    Case("(b), a CNN of 16 and 32", ("config.json", f"arch={json.dumps(SMALL_CNN)}", SGD), 128, 40),
    Case("configs/cnn_best.json", ("configs/cnn_best.json",), 128, 4),
    Case("100 million numbers", ("config.json", f"arch={json.dumps(LARGE)}", SGD), 64, 2),
)


class Asked:
    """A process, or several ranks, that times what it is asked for."""

    def __init__(self, words: list[str], ranks: int = 1) -> None:
        beside = Path(sys.executable).with_name("mpiexec")
        launcher = [str(beside) if beside.is_file() else shutil.which("mpiexec") or "mpiexec", "-n", str(ranks)]
        self.process = subprocess.Popen(
            [*(launcher if ranks > 1 else []), sys.executable, "-m", "benchmarks.mpi_rank", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def seconds(self, what: str, count: int) -> float:
        """The time of one."""
        self.ask(what, count)
        return self.answer()

    def ask(self, what: str, count: int) -> None:
        """Let it begin."""
        assert self.process.stdin
        print(what, count, file=self.process.stdin, flush=True)

    def answer(self) -> float:
        """The time of one of what it was asked for."""
        assert self.process.stdout
        return float(self.process.stdout.readline()) / 1e3

    def end(self) -> None:
        """Let it end."""
        self.process.communicate("")


@contextmanager
def asked(words: list[str], ranks: int = 1) -> Iterator[Asked]:
    """Context manager: a process or ranks, which end with it."""
    one = Asked(words, ranks)
    try:
        yield one
    finally:
        one.end()


@dataclass(frozen=True)
class Line:
    """What messages cost: seconds of one, and bytes a second."""

    latency: float
    rate: float

    def seconds(self, ranks: int, numbers: int) -> float:
        """The messages of a step: gradients to owners, parameters to all, and a few small ones."""
        if ranks == 1:
            return 0.0
        moved = 4 * numbers * (ranks - 1) / ranks
        small = SMALL * math.ceil(math.log2(ranks)) * self.latency
        return 2 * ((ranks - 1) * self.latency + moved / self.rate) + small


@dataclass(frozen=True)
class Work:
    """What computing a step costs on one core: `fixed` + `row` a sample, and `update` for the whole vector."""

    numbers: int
    fixed: float
    row: float
    update: float

    def seconds(self, rows: float, ranks: int) -> float:
        """A rank's part of a step, with so many samples of its own."""
        return self.fixed + self.row * rows + self.update / ranks


def pairs(case: Case) -> None:
    """Print how 2 ranks compare with 2 workers."""
    with ExitStack() as stack:
        ranks = stack.enter_context(asked(case.words(2), 2))
        alone = stack.enter_context(asked(case.words(2, threads=2)))
        times = [(ranks.seconds("step", case.steps), alone.seconds("step", case.steps)) for _ in range(ROUNDS)]
    ratio = statistics.median(a / b for a, b in times)
    a, b = (1e3 * statistics.median(column) for column in zip(*times, strict=True))
    print(f"{case.name:24} 2 ranks {a:8.2f} ms, 2 workers {b:8.2f} ms, ratio {ratio:.2f}", flush=True)


def numbers_of(case: Case) -> int:
    """The parameters of a case's network."""
    from trainer.checks.memory import _sizes
    from utils.config.parser import ConfigParser

    settings = ConfigParser.from_file(case.changes[0], list(case.changes[1:])).build()
    return _sizes(settings.arch, (28, 28, 1))[0]


def work_of(case: Case) -> Work:
    """The cost of computing while all cores do, from steps of one shard with a quarter, a half and all of the batch."""
    sizes = [case.batch // 4, case.batch // 2, case.batch]
    times = []
    for size in sizes:
        with ExitStack() as stack:
            alike = [stack.enter_context(asked(case.words(1, size))) for _ in range(cores())]
            times.append(statistics.median(busy_seconds(alike, case.steps) for _ in range(3)))
    row = (times[2] - times[0]) / (sizes[2] - sizes[0])
    rest, numbers = max(times[0] - row * sizes[0], 0.0), numbers_of(case)
    update = min(rest, numbers * 4e-9 / 4)  # four vectors of 4 bytes at 16 GB/s
    return Work(numbers, rest - update, row, update)


def busy_seconds(alike: list[Asked], steps: int) -> float:
    """The time of a step in processes that all do it at once, as they share memory and the way to it."""
    for one in alike:
        one.ask("step", steps)
    return statistics.median([one.answer() for one in alike])


def check(case: Case, work: Work) -> None:
    """Print what the model says of ranks here, from messages and steps that are timed in turns, and what they take."""
    for ranks in (2, 4):
        with ExitStack() as stack:
            some = stack.enter_context(asked(case.words(4), ranks))
            alike = [stack.enter_context(asked(case.words(1, case.batch // ranks))) for _ in range(ranks)]
            rounds = [_round(case, some, alike) for _ in range(5)]
        small, exchanged, computed, measured = (statistics.median(column) for column in zip(*rounds, strict=True))
        latency, moved = small / math.ceil(math.log2(ranks)), 2 * 4 * work.numbers * (ranks - 1) / ranks
        line = Line(latency, moved / max(exchanged - 2 * (ranks - 1) * latency, 1e-9))
        told = computed - work.update * (1 - 1 / ranks) + line.seconds(ranks, work.numbers)
        print(
            f"{case.name:24} {ranks} ranks: message {1e6 * line.latency:6.1f} us, {line.rate / 1e9:5.2f} GB/s, model "
            f"{1e3 * told:8.2f} ms, measured {1e3 * measured:8.2f} ms, ratio {told / measured:.2f}",
            flush=True,
        )


def _round(case: Case, some: Asked, alike: list[Asked]) -> tuple[float, float, float, float]:
    """The times of the smallest message, of an exchange, of computing a rank's part of a step, and of a whole step."""
    small, exchange = some.seconds("small", 200), some.seconds("exchange", case.steps)
    return small, exchange, busy_seconds(alike, case.steps), some.seconds("step", case.steps)


def speedups(work: Work, batch: int, line: Line, weak: bool, threads: int) -> list[float]:
    """Samples a second on some machines, to those of one; with `weak` each machine has a whole batch of its own.

    The cores of a machine are taken to share its part evenly.
    """
    found = []
    for machines in MACHINES:
        rows = batch if weak else batch / machines
        seconds = work.seconds(rows, machines) / threads + line.seconds(machines, work.numbers)
        found.append((machines if weak else 1) * work.seconds(batch, 1) / threads / seconds)
    return found


def predict(works: dict[str, tuple[Case, Work]], threads: int, picture: str | None) -> None:
    """Print the speed-up on machines of so many cores, each as fast as one here; draw it.

    Strong scaling is of a batch 8 times as large as that of a single machine in weak scaling.
    """
    curves = {
        (name, kind, speed): speedups(work, (1 if weak else 8) * case.batch, line, weak, threads)
        for name, (case, work) in works.items()
        for kind, weak in (("strong", False), ("weak", True))
        for speed, line in ((speed, Line(latency, GOODPUT * rate)) for speed, (rate, latency) in NETWORKS.items())
    }
    print(f"{'machines':50}" + "".join(f"{machines:7}" for machines in MACHINES))
    for (name, kind, speed), values in curves.items():
        print(f"{name:24} {kind:7} {speed:17}" + "".join(f"{value:7.1f}" for value in values))
        best = MACHINES[values.index(max(values))]
        if best < MACHINES[-1]:
            print(f"{'':24} more than {best} machines do not pay")
    if picture:
        _draw(curves, list(works), picture)


def _draw(curves: dict[tuple[str, str, str], list[float]], names: list[str], path: str) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4 * len(names), 7), layout="constrained")
    axes = figure.subplots(2, len(names), sharex=True, sharey=True, squeeze=False)
    for row, kind in enumerate(("strong", "weak")):
        for column, name in enumerate(names):
            ax = axes[row, column]
            ax.plot(MACHINES, MACHINES, color="0.8", label="ideal")
            for speed in NETWORKS:
                ax.plot(MACHINES, curves[name, kind, speed], marker=".", label=speed)
            ax.set(xscale="log", yscale="log", title=f"{name}, {kind} scaling", xlabel="machines")
            ax.set_xticks(MACHINES, map(str, MACHINES))
            ax.set_ylabel("times as fast as one")
    axes[0, 0].legend()
    figure.savefig(path, dpi=100)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mpi", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", nargs="?", help="a PNG file of the third table")
    parser.add_argument("--cores", type=int, default=cores(), help="of a machine of the third table (%(default)s)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder  # MPI's files go with it
        for case in CASES[:3]:
            pairs(case)
        works = {case.name: (case, work_of(case)) for case in CASES}
        for case, work in works.values():
            print(
                f"{case.name:24} {work.numbers:,} numbers, step {1e3 * work.fixed:.2f} ms + {1e6 * work.row:.1f} us a "
                f"sample, update {1e3 * work.update:.2f} ms",
                flush=True,
            )
        for case, work in list(works.values())[:3]:
            check(case, work)
        predict(dict(list(works.items())[2:]), args.cores, args.picture)


if __name__ == "__main__":
    main()
