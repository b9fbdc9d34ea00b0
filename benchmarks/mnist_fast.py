"""configs/mnist_fast.json against the same recipe in PyTorch: python -m benchmarks.mnist_fast

Both train on 2 threads from data in memory to the last step, and take turns. Ours is what train.py does in its epochs,
with validation, history and checkpoints. PyTorch's side is a plain loop without these, on images that are floats
already, in either of its memory formats, with its fused Adam; also compiled by torch.compile, whose compilation is not
counted. Each round ends with the accuracy of its networks on the test images.
"""

import copy
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from base.dataset import Dataset
from benchmarks.epochs import PAUSE, THREADS, trainer_of
from benchmarks.torch_cnn import torch_cnn
from data_loader.loaders.mnist import MnistDataLoader
from utils.command_line import no_arguments
from utils.config.parser import ConfigParser

CONFIG, ROUNDS = "configs/mnist_fast.json", 5
RECIPE = ConfigParser.from_file(CONFIG).resolved
EPOCHS, DATA = RECIPE["trainer"]["epochs"], RECIPE["data_loader"]["args"]
BATCH, KEPT = DATA["batch_size"], DATA["validation_split"]  # images that only ours validates with
RATE, SMOOTHING = RECIPE["lr_scheduler"]["args"]["max_lr"], RECIPE["loss"]["args"]["label_smoothing"]
FORMATS = {"PyTorch": torch.contiguous_format, "PyTorch, channels last": torch.channels_last}


@dataclass(frozen=True)
class Timed:
    """A training: its seconds, and the accuracy on the test images."""

    seconds: float
    accuracy: float


def theirs(training: Dataset, test: Dataset, seed: int, memory_format: torch.memory_format, compiled: bool) -> Timed:
    """PyTorch's training."""
    torch.manual_seed(seed)
    images, labels = _tensors(training, memory_format)
    model = torch_cnn(RECIPE["arch"]["args"])
    model.eval()(images[:2])  # sizes of inputs are found
    model.train().to(memory_format=memory_format)
    initial = copy.deepcopy(model.state_dict())
    step_of: Callable[..., torch.Tensor] = torch.compile(model) if compiled else model
    loss = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    count = (len(images) - KEPT) // BATCH
    if compiled:
        loss(step_of(images[:BATCH]), labels[:BATCH]).backward()
        model.load_state_dict(initial)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=EPOCHS * count, cycle_momentum=False)
    time.sleep(PAUSE)
    start = time.perf_counter()
    for _ in range(EPOCHS):
        order = torch.randperm(len(images) - KEPT)
        for rows in order[: count * BATCH].split(BATCH):
            optimizer.zero_grad()
            loss(step_of(images[rows].to(memory_format=memory_format)), labels[rows]).backward()
            optimizer.step()
            schedule.step()
    seconds = time.perf_counter() - start
    model.eval()
    with torch.no_grad():
        images, labels = _tensors(test, memory_format)
        return Timed(seconds, (model(images).argmax(1) == labels).float().mean().item())


def _tensors(data: Dataset, memory_format: torch.memory_format) -> tuple[torch.Tensor, torch.Tensor]:
    images = torch.from_numpy(np.array(data.inputs[..., 0], np.float32)[:, None] / 255)
    return images.contiguous(memory_format=memory_format), torch.from_numpy(np.array(data.targets, np.int64))


def ours(test: Dataset, seed: int) -> Timed:
    """Our training."""
    with trainer_of(CONFIG, f"trainer.epochs={EPOCHS}", f"seed={seed}", "trainer.verbosity=0") as trainer:
        time.sleep(PAUSE)
        start = time.perf_counter()
        for _ in range(EPOCHS):
            trainer.run_epoch()
        seconds = time.perf_counter() - start
        model: Any = trainer.model
        model.eval()
        predictions = model.forward(np.array(test.inputs, np.float32) / np.float32(255)).argmax(axis=1)
        return Timed(seconds, float((predictions == test.targets).mean()))


def main() -> None:
    """Print the medians and their ratios."""
    torch.set_num_threads(THREADS)
    loader = MnistDataLoader("data/mnist")
    training, test = loader.read_training(), loader.read_test()
    sides: dict[str, Callable[[int], Timed]] = {"ours": lambda seed: ours(test, seed)}
    for name, memory_format in FORMATS.items():
        for compiled in (False, True):
            sides[name + ", compiled" * compiled] = lambda seed, memory_format=memory_format, compiled=compiled: (  # type: ignore[misc]
                theirs(training, test, seed, memory_format, compiled)
            )
    rounds = [{name: side(seed) for name, side in sides.items()} for seed in range(ROUNDS)]
    for name in sides:
        seconds = statistics.median(found[name].seconds for found in rounds)
        ratio = statistics.median(found[name].seconds / found["ours"].seconds for found in rounds)
        accuracies = " ".join(f"{100 * found[name].accuracy:.2f}" for found in rounds)
        print(f"{name:34} {seconds:6.2f} s, {ratio:5.2f} times ours; test accuracy {accuracies} %")


if __name__ == "__main__":
    no_arguments("benchmarks.mnist_fast", __doc__)
    main()
