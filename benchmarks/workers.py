"""Two workers against one, alone and on a busy machine, and threads against processes: python -m benchmarks.workers

Two lines a network say how long a step takes on two workers and on one, the second while LOAD other processes work.
The last part compares two threads with two forked processes. Rounds alternate; medians of the rounds' ratios.
"""

import multiprocessing
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from benchmarks.mlp_step import CASES
from benchmarks.networks import NETWORKS
from benchmarks.steps import OurStep, our_step
from model.architectures.mlp import MLP
from trainer.workers.processes import Processes
from trainer.workers.threads import Threads
from trainer.workers.workers import Workers
from utils.command_line import no_arguments

ROUNDS, STEPS = 9, 30
LOAD = 8
BUSY = 2.0  # milliseconds of a step from which two workers should be worth it on a busy machine


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


def makers() -> Iterator[tuple[str, Callable[[int], OurStep]]]:
    """All networks, and how to make a step on so many workers."""
    for name, sizes, batch, optimizer, _ in CASES:
        title = f"{'-'.join(map(str, sizes))} {batch} {name}"
        yield title, lambda count, made=(sizes, batch, optimizer): our_step(MLP(made[0]), *made[1:], count)
    for network in NETWORKS:
        yield network.name, lambda count, network=network: network.our_step(count)


def made_with(kind: type[Workers], make: Callable[[int], OurStep]) -> OurStep:
    """A step on two workers of this kind."""
    with patch("trainer.parallel_model.make_workers", kind):
        return make(2)


def compare(title: str, names: tuple[str, str], sides: tuple[OurStep, OurStep], load: int = 0) -> None:
    """Print the times of two steps and their ratio."""
    with sides[0].parallel, sides[1].parallel, busy(load):
        times = [(sides[0].milliseconds(STEPS), sides[1].milliseconds(STEPS)) for _ in range(ROUNDS)]
    ratio = statistics.median(a / b for a, b in times)
    a, b = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{title:28} load {load}  {names[0]} {a:7.2f} ms, {names[1]} {b:7.2f} ms, ratio {ratio:.2f}", flush=True)


def main() -> None:
    """Print the tables."""
    for title, make in makers():
        compare(title, ("two workers", "one"), (make(2), make(1)))
        if make(2).milliseconds(STEPS) >= BUSY:
            compare(title, ("two workers", "one"), (make(2), make(1)), LOAD)
    for title, make in makers():
        compare(title, ("threads", "processes"), (made_with(Threads, make), made_with(Processes, make)))


if __name__ == "__main__":
    no_arguments("benchmarks.workers", __doc__)
    main()
