"""Steps of small networks of every kind of layer against PyTorch: python -m benchmarks.layer_step

Each network has a 3 x 3 convolution to 16 channels and pooling, the layer that it is named by, pooling and Linear, on
batches of 64. Sides take turns, PyTorch with 2 threads in the faster of its memory formats; medians of the rounds.
"""

import sys

import torch

from benchmarks.networks import FORMATS, Spec, chain
from benchmarks.steps import THREADS, geometric_mean, in_turns, milliseconds
from utils.command_line import no_arguments

ROUNDS, STEPS = 9, 12
BEFORE: list[Spec] = [("conv", 16, 3, 1, 1), ("relu",), ("pool", 2)]
AFTER: list[Spec] = [("pool", 2), ("flatten",), ("linear", 10)]

LAYERS: dict[str, list[Spec]] = {
    "4 groups": [("conv", 32, 3, 1, 1, 1, 4)],
    "depthwise": [("conv", 16, 3, 1, 1, 1, 16)],
    "stride 2": [("conv", 32, 3, 2, 1)],
    "dilation 2": [("conv", 32, 3, 1, 2, 2)],
    "5 x 5": [("conv", 32, 5, 1, 2)],
    "1 x 1": [("conv", 32, 1, 1, 0)],
    "overlapping pooling": [("pool", 3, 1, 1)],
    "average pooling": [("average", 2)],
    "GELU": [("gelu",)],
    "SiLU": [("silu",)],
}
CASES = [
    *((name, [*BEFORE, *layers, *AFTER]) for name, layers in LAYERS.items()),
    ("LayerNorm", [("flatten",), ("linear", 256), ("layer_norm", 256), ("relu",), ("linear", 10)]),
]


def main() -> None:
    """Print a table of all layers."""
    torch.set_num_threads(THREADS)
    print(f"{'layer':20} {'ours ms':>8} {'torch ms':>8} {'ratio':>6}")
    ratios = []
    for name, specs in CASES:
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        network = chain(name, 64, specs)
        step, sides = network.our_step(), [network.torch_step(memory_format) for memory_format in FORMATS]
        with step.parallel:
            times, against = in_turns(
                [
                    lambda step=step: step.milliseconds(STEPS),  # type: ignore[misc]
                    *[lambda side=side: milliseconds(side, STEPS) for side in sides],  # type: ignore[misc]
                ],
                ROUNDS,
            )
        faster = min((1, 2), key=lambda side: times[side])
        ratios.append(against[faster])
        print(f"{name:20} {times[0]:8.2f} {times[faster]:8.2f} {ratios[-1]:6.2f}", flush=True)
    print(f"geometric mean of the ratios {geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    no_arguments("benchmarks.layer_step", __doc__)
    main()
