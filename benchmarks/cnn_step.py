"""The time of one training step of small CNNs against PyTorch's, in one run: python -m benchmarks.cnn_step

All sides take turns, with data already in memory; medians of the rounds, and of the rounds' ratios. PyTorch runs
eagerly with 2 threads, in the faster of its two memory formats; install it with pip install -e ".[benchmark]".

Beside each ratio stands how much of a core's limit (fused multiply-adds in registers, measured in the same run) the
step's products reach on one core: convolutions and Linear, forward and both gradients.
What memory a step takes, python -m benchmarks.cnn_memory tells. Some of the networks alone, and operations in NumPy:
python -m benchmarks.cnn_step ab --ops numpy
"""

import argparse

import torch

from benchmarks.loop_convolution import loop_milliseconds
from benchmarks.networks import FORMATS, NETWORKS
from benchmarks.products import share_of_limit
from benchmarks.steps import THREADS, geometric_mean, in_turns, milliseconds

ROUNDS, STEPS = 9, 25


def main() -> None:
    """Print a table of all networks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("networks", nargs="?", default="abcde", help="letters of networks")
    parser.add_argument("--ops", default="auto", choices=["auto", "compiled", "numpy"], help="what ours computes with")
    args = parser.parse_args()
    torch.set_num_threads(THREADS)
    chosen = [network for network in NETWORKS if network.name[1] in args.networks]
    header = ["network", "batch", "ours ms", "torch ms", "ratio", "products"]
    print("{:26} {:>5} {:>8} {:>8} {:>6} {:>9}".format(*header))
    ratios = []
    for network in chosen:
        step = network.our_step(choice=args.ops)
        sides = [network.torch_step(memory_format) for memory_format in FORMATS]
        with step.parallel:
            times, against = in_turns(
                [
                    lambda step=step: step.milliseconds(STEPS),  # type: ignore[misc]
                    *[lambda side=side: milliseconds(side, STEPS) for side in sides],  # type: ignore[misc]
                ],
                ROUNDS,
            )
            share = share_of_limit(step)
        faster = min((1, 2), key=lambda side: times[side])
        ratios.append(against[faster])
        print(
            f"{network.name:26} {network.batch:5} {times[0]:8.2f} {times[faster]:8.2f} {ratios[-1]:6.2f} {share:9.0%}",
            flush=True,
        )
    loops = loop_milliseconds(chosen[0].our_step(threads=1).parallel.model, chosen[0].batch)
    print(f"{chosen[0].name}: its convolutions by loops over samples and places take {loops:.0f} ms")
    print(f"geometric mean of the ratios {geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    main()
