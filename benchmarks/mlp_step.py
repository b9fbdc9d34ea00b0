"""The time of one training step of small perceptrons against PyTorch's, in one run: python -m benchmarks.mlp_step

Both sides take turns, with data already in memory, and the median of the rounds is printed with the median of the
rounds' ratios. PyTorch runs eagerly with 2 threads; install it with pip install -e ".[benchmark]".
"""

import itertools

import torch

from base.base_optimizer import BaseOptimizer
from benchmarks.steps import THREADS, TorchOptimizer, in_turns, milliseconds, our_step, torch_step
from model.architectures.mlp import MLP
from trainer.optimizers.adam import Adam
from trainer.optimizers.sgd import SGD

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
    print(f"{'network':22} {'batch':>5} {'optimizer':9} {'ours ms':>8} {'torch ms':>8} {'ratio':>6}")
    for name, sizes, batch, optimizer, make in CASES:
        ours = our_step(MLP(sizes), batch, optimizer)
        theirs = torch_step(torch_mlp(sizes), torch.rand(batch, sizes[0]), make)
        with ours.parallel:
            (a, b), (_, ratio) = in_turns(
                [lambda ours=ours: ours.milliseconds(STEPS), lambda theirs=theirs: milliseconds(theirs, STEPS)],  # type: ignore[misc]
                ROUNDS,
            )
        print(f"{'-'.join(map(str, sizes)):22} {batch:5} {name:9} {a:8.3f} {b:8.3f} {ratio:6.2f}", flush=True)


if __name__ == "__main__":
    main()
