"""Two workers against one, alone and while other processes keep the machine busy: python -m benchmarks.workers [LOAD]

LOAD is the number of other processes, 0 and 8 if it is left out. Rounds alternate; medians of the rounds' ratios.
"""

import multiprocessing
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.mlp_step import CASES
from benchmarks.networks import NETWORKS
from benchmarks.steps import OurStep, our_step
from model.architectures.mlp import MLP

ROUNDS, STEPS = 9, 30


def spin() -> None:
    """Work for ever."""
    while True:
        pass


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """A machine on which so many others work."""
    others = [multiprocessing.Process(target=spin, daemon=True) for _ in range(processes)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.kill()


def pair(name: str) -> list[OurStep]:
    """A step on two workers, and on one."""
    if name == "mlp":
        _, sizes, batch, optimizer, _ = CASES[2]
        return [our_step(MLP(sizes), batch, optimizer, threads) for threads in (2, 1)]
    (network,) = [network for network in NETWORKS if network.name.startswith(f"({name})")]
    return [network.our_step(threads) for threads in (2, 1)]


def main() -> None:
    """Print a table."""
    for load in [int(sys.argv[1])] if sys.argv[1:] else [0, 8]:
        for name in ("mlp", "b", "c", "d"):
            two, one = pair(name)
            with two.parallel, one.parallel, busy(load):
                times = [(two.milliseconds(STEPS), one.milliseconds(STEPS)) for _ in range(ROUNDS)]
            ratio = statistics.median(a / b for a, b in times)
            a, b = (statistics.median(column) for column in zip(*times, strict=True))
            print(f"load {load}  {name:4} two workers {a:7.2f} ms, one {b:7.2f} ms, ratio {ratio:.2f}", flush=True)


if __name__ == "__main__":
    main()
