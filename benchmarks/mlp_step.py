"""The time of one training step against PyTorch's, in one run: python -m benchmarks.mlp_step

Both sides take turns, with data already in memory, and the median of the rounds is printed with the median of the
rounds' ratios. PyTorch runs eagerly with 2 threads; install it with pip install -e ".[benchmark]".
"""

import itertools
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from base.base_data_loader import Dataset, all_rows
from base.base_optimizer import BaseOptimizer
from base.random_streams import RandomStreams
from model.architectures.mlp import MLP
from model.losses.cross_entropy import CrossEntropyLoss
from trainer.optimizers.adam import Adam
from trainer.optimizers.sgd import SGD
from trainer.parallel_model import ParallelModel, auto_shards
from trainer.update import Update

THREADS, ROUNDS, STEPS = 2, 15, 40
Step = Callable[[], object]
CASES: list[tuple[str, list[int], int, BaseOptimizer, Callable[..., torch.optim.Optimizer]]] = [
    ("SGD", [784, 256, 10], 128, SGD(0.01), lambda p: torch.optim.SGD(p, 0.01)),
    ("Adam", [784, 256, 10], 128, Adam(1e-3), lambda p: torch.optim.Adam(p, 1e-3)),
    ("momentum", [784, 512, 256, 10], 128, SGD(0.01, 0.9), lambda p: torch.optim.SGD(p, 0.01, 0.9)),
    ("momentum", [784, 512, 256, 10], 32, SGD(0.01, 0.9), lambda p: torch.optim.SGD(p, 0.01, 0.9)),
]


def our_step(sizes: list[int], batch: int, optimizer: BaseOptimizer) -> tuple[Step, ParallelModel]:
    """A step of ours, and what it runs on."""
    rng, streams = np.random.default_rng(0), RandomStreams(0)
    pixels = rng.integers(0, 256, (batch, 28, 28, 1), dtype=np.uint8)
    labels = rng.integers(0, 10, batch)
    data = Dataset(pixels, labels, all_rows(pixels), tuple("0123456789"), 255.0)
    model = MLP(sizes)
    model.build(data.input_shape, streams)
    optimizer.bind(model.values)
    shards = auto_shards(batch, len(model.values))
    parallel = ParallelModel(model, CrossEntropyLoss(), streams, shards, batch, THREADS)
    update = Update(model, optimizer, None, parallel.workers)
    samples = np.arange(batch)
    return lambda: update.apply(parallel.train_batch(data, samples, 0).grads, optimizer.lr), parallel


def torch_step(sizes: list[int], batch: int, make: Callable[..., torch.optim.Optimizer]) -> Step:
    """A step of PyTorch's on tensors that are already floats."""
    layers: list[torch.nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(before, after), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer, loss = make(model.parameters()), torch.nn.CrossEntropyLoss()
    x, y = torch.rand(batch, sizes[0]), torch.randint(0, 10, (batch,))

    def step() -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


def milliseconds(step: Step) -> float:
    """The mean time of a step over some."""
    for _ in range(5):
        step()
    start = time.perf_counter()
    for _ in range(STEPS):
        step()
    return (time.perf_counter() - start) / STEPS * 1e3


def our_milliseconds(step: Step, parallel: ParallelModel) -> float:
    """The mean time of a step in a team, as in an epoch."""
    with parallel.workers.team("steps"):
        return milliseconds(step)


def main() -> None:
    """Print a table of all cases."""
    torch.set_num_threads(THREADS)
    print(f"{'network':22} {'batch':>5} {'optimizer':9} {'ours ms':>8} {'torch ms':>8} {'ratio':>6}")
    for name, sizes, batch, optimizer, make in CASES:
        ours, parallel = our_step(sizes, batch, optimizer)
        theirs = torch_step(sizes, batch, make)
        with parallel:
            pairs = [(our_milliseconds(ours, parallel), milliseconds(theirs)) for _ in range(ROUNDS)]
        a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(first / second for first, second in pairs)
        print(f"{'-'.join(map(str, sizes)):22} {batch:5} {name:9} {a:8.3f} {b:8.3f} {ratio:6.2f}", flush=True)


if __name__ == "__main__":
    main()
