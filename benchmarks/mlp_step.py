"""The time of a step of small perceptrons against PyTorch and JAX, in one run: python -m benchmarks.mlp_step

All sides take turns, with data already in memory, and the median of the rounds is printed with the median of
the rounds' ratios to the faster of the others. PyTorch runs eagerly with 2 threads, JAX's step is compiled by jit;
install both with pip install -e ".[benchmark]". Beside it stands how much of a core's limit our products reach on one
core.
"""

import itertools

import torch

from base.base_optimizer import BaseOptimizer
from benchmarks.own_process import OwnProcess
from benchmarks.products import share_of_limit
from benchmarks.steps import THREADS, TorchOptimizer, geometric_mean, in_turns, milliseconds, our_step, torch_step
from model.architectures.mlp import MLP
from trainer.optimizers.adam import Adam
from trainer.optimizers.sgd import SGD
from utils.command_line import no_arguments

ROUNDS, STEPS = 15, 40
CASES: list[tuple[str, list[int], int, BaseOptimizer, TorchOptimizer]] = [
    ("SGD", [784, 256, 10], 128, SGD(0.01), lambda p: torch.optim.SGD(p, 0.01)),
    ("Adam", [784, 256, 10], 128, Adam(1e-3), lambda p: torch.optim.Adam(p, 1e-3)),
    ("momentum", [784, 512, 256, 10], 128, SGD(0.01, 0.9), lambda p: torch.optim.SGD(p, 0.01, 0.9)),
    ("momentum", [784, 512, 256, 10], 32, SGD(0.01, 0.9), lambda p: torch.optim.SGD(p, 0.01, 0.9)),
]


def torch_mlp(sizes: list[int]) -> torch.nn.Module:
    """The same network in PyTorch."""
    layers: list[torch.nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(before, after), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def main() -> None:
    """Print a table of all cases."""
    torch.set_num_threads(THREADS)
    heads = ["ours ms", "torch ms", "JAX ms", "to torch", "to JAX", "products"]
    print(f"{'network':16} {'batch':>5} {'optimizer':9}", *(f"{head:>8}" for head in heads))
    torch_ratios, ratios = [], []
    for name, sizes, batch, optimizer, make in CASES:
        ours = our_step(MLP(sizes), batch, optimizer)
        theirs = torch_step(torch_mlp(sizes), torch.rand(batch, sizes[0]), make)
        jitted = OwnProcess("benchmarks.jax_step:jax_step", sizes, batch, name)
        with ours.parallel:
            times, against = in_turns(
                [
                    lambda ours=ours: ours.milliseconds(STEPS),  # type: ignore[misc]
                    lambda theirs=theirs: milliseconds(theirs, STEPS),  # type: ignore[misc]
                    lambda jitted=jitted: jitted.milliseconds(STEPS),  # type: ignore[misc]
                ],
                ROUNDS,
            )
            share = share_of_limit(ours)
        jitted.close()
        torch_ratios.append(against[1])
        ratios.append(max(against[1:]))
        cells = [*(f"{time:8.3f}" for time in times), *(f"{ratio:8.2f}" for ratio in against[1:]), f"{share:8.0%}"]
        print(f"{'-'.join(map(str, sizes)):16} {batch:5} {name:9}", *cells, flush=True)
    print(
        f"geometric mean to the faster of both {geometric_mean(ratios):.2f}, "
        f"to PyTorch {geometric_mean(torch_ratios):.2f}"
    )


if __name__ == "__main__":
    no_arguments("benchmarks.mlp_step", __doc__)
    main()
