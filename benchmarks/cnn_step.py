"""The time of one training step of small CNNs against PyTorch's, in one run: python -m benchmarks.cnn_step

All sides take turns, with data already in memory; medians of the rounds, and of the rounds' ratios. PyTorch runs
eagerly with 2 threads, in the faster of its two memory formats; install it with pip install -e ".[benchmark]".

Beside each ratio stand how many times the step's matrix products alone would take (the limit to approach), and the
peak memory that a step adds, measured in a process of its own.
"""

import math
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.loop_convolution import loop_milliseconds
from benchmarks.networks import NETWORKS, Network
from benchmarks.products import products_milliseconds
from benchmarks.steps import THREADS, OurStep, Step, in_turns, milliseconds, our_step, torch_step

ROUNDS, STEPS = 9, 12


def torch_sides(network: Network) -> list[Step]:
    """PyTorch's step in both memory formats."""
    sides = []
    for memory_format in (torch.contiguous_format, torch.channels_last):
        x = torch.rand(network.batch, 1, 28, 28).to(memory_format=memory_format)
        model = network.theirs()
        model(x)  # sizes of inputs are found
        sides.append(torch_step(model.to(memory_format=memory_format), x, network.torch_optimizer))
    return sides


def ours(network: Network, threads: int = THREADS) -> OurStep:
    """Our step."""
    return our_step(network.ours(), network.batch, network.optimizer(), threads)


def added_megabytes(make: Callable[[Network], Step], network: Network) -> float:
    """The peak memory that some steps add to a process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_added, (make, NETWORKS.index(network)))


def _added(make: Callable[[Network], Step], number: int) -> float:
    torch.set_num_threads(THREADS)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak so far is forgotten (Linux)
    before = _peak_megabytes()
    step = make(NETWORKS[number])
    for _ in range(5):
        step()
    return _peak_megabytes() - before


def _peak_megabytes() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _ours_alone(network: Network) -> Step:
    return ours(network, threads=1).run  # all shards in this process, so that none is counted twice


def _torch_channels_last(network: Network) -> Step:
    return torch_sides(network)[1]


def main() -> None:
    """Print a table of all networks."""
    torch.set_num_threads(THREADS)
    chosen = [network for network in NETWORKS if not sys.argv[1:] or network.name[1] in sys.argv[1]]
    header = ["network", "batch", "ours ms", "torch ms", "ratio", "products", "MB", "torch MB"]
    print("{:26} {:>5} {:>8} {:>8} {:>6} {:>9} {:>5} {:>8}".format(*header))
    ratios = []
    for network in chosen:
        step, sides = ours(network), torch_sides(network)
        with step.parallel:
            times, against = in_turns(
                [
                    lambda step=step: step.milliseconds(STEPS),  # type: ignore[misc]
                    *[lambda side=side: milliseconds(side, STEPS) for side in sides],  # type: ignore[misc]
                ],
                ROUNDS,
            )
            products = products_milliseconds(step)
        faster = min((1, 2), key=lambda side: times[side])
        ratios.append(against[faster])
        memory = [added_megabytes(make, network) for make in (_ours_alone, _torch_channels_last)]
        print(
            f"{network.name:26} {network.batch:5} {times[0]:8.2f} {times[faster]:8.2f} {ratios[-1]:6.2f} "
            f"{times[0] / products:8.2f}x {memory[0]:5.0f} {memory[1]:8.0f}",
            flush=True,
        )
    loops = loop_milliseconds(ours(chosen[0], threads=1).parallel.model, chosen[0].batch)
    print(f"{chosen[0].name}: its convolutions by loops over samples and places take {loops:.0f} ms")
    print(f"geometric mean of the ratios {math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f}")


if __name__ == "__main__":
    main()
