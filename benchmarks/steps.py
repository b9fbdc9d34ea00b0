"""One training step of ours and of PyTorch's, made ready to be timed in turns."""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from benchmarks.epochs import PAUSE, THREADS
from model.losses.cross_entropy import CrossEntropyLoss
from ops.choose import Enum, choose_ops
from trainer.parallel_model import ParallelModel, auto_shards
from trainer.update import Update

Step = Callable[[], object]
TorchOptimizer = Callable[..., torch.optim.Optimizer]


@dataclass
class OurStep:
    """A step on one batch of images whose bytes are in memory, and the workers it runs on."""

    run: Step
    parallel: ParallelModel
    batch: int

    def milliseconds(self, steps: int) -> float:
        """The mean time of so many steps in a team, as in an epoch."""
        with self.parallel.workers.parallel_region("steps"):
            return milliseconds(self.run, steps)


def our_step(
    model: BaseModel, batch: int, optimizer: BaseOptimizer, threads: int = THREADS, choice: Enum = "auto"
) -> OurStep:
    """A step of a model that is not yet built, on images of 28 x 28 grey bytes."""
    rng, streams = np.random.default_rng(0), RandomStreams(0)
    pixels = rng.integers(0, 256, (batch, 28, 28, 1), dtype=np.uint8)
    labels = rng.integers(0, 10, batch)
    data = Dataset(pixels, labels, all_rows(pixels), tuple("0123456789"), 255.0)
    ops, loss = choose_ops(choice, "float32"), CrossEntropyLoss()
    model.build(data.input_shape, streams, ops=ops)
    loss.ops = optimizer.ops = ops
    optimizer.bind(model.values, model.parameter_ranges())
    shards = auto_shards(batch, len(model.values))
    parallel = ParallelModel(model, loss, streams, shards, batch, threads)
    update, samples = Update(model, optimizer, None, parallel.workers), np.arange(batch)
    return OurStep(lambda: update.apply(parallel.train_batch(data, samples, 0).grads, optimizer.lr), parallel, batch)


def torch_step(model: torch.nn.Module, x: torch.Tensor, make: TorchOptimizer) -> Step:
    """A step of PyTorch's on images that are already floats."""
    optimizer, loss = make(model.parameters()), torch.nn.CrossEntropyLoss()
    y = torch.randint(0, 10, (len(x),))

    def step() -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


def milliseconds(step: Step, steps: int, warm_up: int = 3) -> float:
    """The mean time of a step over some, after a few that are not counted."""
    for _ in range(warm_up):
        step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - start) / steps * 1e3


def in_turns(sides: list[Callable[[], float]], rounds: int) -> tuple[list[float], list[float]]:
    """The median time of each side, and the medians of the rounds' ratios of the first to each."""
    times = [[after_a_pause(side) for side in sides] for _ in range(rounds)]
    medians = [statistics.median(column) for column in zip(*times, strict=True)]
    ratios = [statistics.median(row[0] / row[side] for row in times) for side in range(len(sides))]
    return medians, ratios


def after_a_pause(side: Callable[[], float]) -> float:
    """The time of a side while the threads of the one before, which wait awake for a moment, are asleep."""
    time.sleep(PAUSE)
    return side()


def geometric_mean(ratios: list[float]) -> float:
    """The mean of ratios."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios))
