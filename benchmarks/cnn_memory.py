"""The memory that a training step of small CNNs takes against PyTorch's: python -m benchmarks.cnn_memory (Linux)

The peak of what some steps add to a process that has made steps of tiny networks before, so that what is made once,
such as libraries' own tables, does not count. Each figure is of a process of its own that makes nothing else. Ours is
the sum over the process and its worker (pages that both have are counted once), each with gradients, activations and
workspaces of its own; PyTorch's, of the memory format that takes less. Batches are counted, data sets are not.
"""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import torch

from base.shared_memory import shared_zeros
from base.types import Array
from benchmarks.networks import FORMATS, NETWORKS, TINY, Network
from benchmarks.steps import THREADS
from utils.command_line import no_arguments

STEPS = 5
Steps = Callable[[Network], float]  # makes some steps; returns the megabytes that all processes then have had at most


def our_steps(network: Network) -> float:
    """Steps in a team; each process tells what it has while the others still run."""
    step = network.our_step()
    with step.parallel:
        found: Array = shared_zeros(THREADS, float)
        workers = step.parallel.workers
        with workers.parallel_region("steps"):
            for _ in range(STEPS):
                step.run()
            workers.run(lambda place: write_megabytes(found, place), range(workers.count))
        return float(found.sum())


def torch_steps(number: int) -> Steps:
    """Steps of PyTorch's in a memory format."""

    def make(network: Network) -> float:
        step = network.torch_step(FORMATS[number])
        for _ in range(STEPS):
            step()
        return megabytes()

    return make


def write_megabytes(found: Array, place: int) -> None:
    """Write what this process has."""
    found[place] = megabytes()


def megabytes() -> float:
    """What this process has of its own, its share of what others have too, and what it had more at its peak."""
    now, status = fields("smaps_rollup"), fields("status")
    return (now["Pss_Anon"] + now["Pss_Shmem"] + status["VmHWM"] - status["VmRSS"]) / 1024


def fields(name: str) -> dict[str, int]:
    """The kilobytes in a file of Linux on this process."""
    lines = Path(f"/proc/self/{name}").read_text(encoding="ascii").splitlines()
    return {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith(" kB")}


def added_megabytes(number: int, side: int) -> float:
    """What a network's steps add; side 0 is ours, the others PyTorch's memory formats."""
    torch.set_num_threads(THREADS)
    steps = our_steps if side == 0 else torch_steps(side - 1)
    for network in TINY:
        steps(network)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak so far is forgotten
    before = megabytes()
    return steps(NETWORKS[number]) - before


def alone(number: int, side: int) -> float:
    """The same in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(added_megabytes, (number, side))


def main() -> None:
    """Print a table of all networks."""
    print(f"{'network':26} {'batch':>5} {'ours MB':>8} {'torch MB':>8} {'ratio':>6}")
    for number, network in enumerate(NETWORKS):
        ours, *theirs = (alone(number, side) for side in range(1 + len(FORMATS)))
        ratio = ours / min(theirs)
        print(f"{network.name:26} {network.batch:5} {ours:8.0f} {min(theirs):8.0f} {ratio:6.2f}", flush=True)


if __name__ == "__main__":
    no_arguments("benchmarks.cnn_memory", __doc__)
    main()
