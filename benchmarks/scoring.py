"""Scoring 10,000 images with the network of configs/cnn.json against PyTorch: python -m benchmarks.scoring

PyTorch runs in evaluation mode without gradients, with 2 threads, on batches of 512, in the faster of its memory
formats, from floats in memory; ours from bytes, with the loss. Both take turns; medians of the rounds.
"""

import statistics

import numpy as np
import torch
from torch import nn

from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from benchmarks.epochs import seconds
from benchmarks.networks import FORMATS
from benchmarks.steps import THREADS
from ops.choose import choose_ops
from trainer.experiment import give_ops
from trainer.parallel_model import ParallelModel
from utils.command_line import no_arguments
from utils.config.parser import ConfigParser

ROUNDS, IMAGES, BATCH = 9, 10_000, 512


def torch_network(args: dict[str, list[int] | int]) -> nn.Module:
    """The same network, from the config's arguments."""
    layers: list[nn.Module] = []
    for position, channels in enumerate(args["channels"]):  # type: ignore[arg-type]
        kernel, padding, pool = (each(args[name], position) for name in ("kernel_size", "padding", "pool_size"))
        layers += [nn.LazyConv2d(channels, kernel, padding=padding), nn.ReLU()]
        layers += [nn.MaxPool2d(pool)] if pool else []
    layers.append(nn.Flatten())
    for size in args["hidden_sizes"]:  # type: ignore[union-attr]
        layers += [nn.LazyLinear(size), nn.ReLU()]
    return nn.Sequential(*layers, nn.LazyLinear(args["classes"]))


def each(value: list[int] | int, position: int) -> int:
    """One value for all convolutions, or that of one."""
    return value[position] if isinstance(value, list) else value


def main() -> None:
    """Print both times and their ratio."""
    torch.set_num_threads(THREADS)
    settings = (config := ConfigParser.from_file("configs/cnn.json", [])).build()
    rng, streams, ops = np.random.default_rng(0), RandomStreams(0), choose_ops("auto", "float32")
    pixels = rng.integers(0, 256, (IMAGES, 28, 28, 1), dtype=np.uint8)
    data = Dataset(pixels, rng.integers(0, 10, IMAGES), all_rows(pixels), tuple("0123456789"), 255.0)
    settings.arch.build(data.input_shape, streams, ops=ops)
    give_ops(settings, ops)
    floats = torch.from_numpy(pixels.astype(np.float32) / 255).permute(0, 3, 1, 2)
    network = torch_network(config.resolved["arch"]["args"]).eval()
    network(floats[:2])

    def torch_score(memory_format: torch.memory_format) -> None:
        with torch.inference_mode():
            for start in range(0, IMAGES, BATCH):
                network(floats[start : start + BATCH].contiguous(memory_format=memory_format))

    with ParallelModel(settings.arch, settings.loss, streams, 2, BATCH, THREADS) as parallel:
        sides = [lambda: parallel.score(data), *(lambda kind=kind: torch_score(kind) for kind in FORMATS)]
        for side in sides:
            side()
        times = [[seconds(side) for side in sides] for _ in range(ROUNDS)]
    medians = [statistics.median(column) for column in zip(*times, strict=True)]
    faster = min((1, 2), key=lambda side: medians[side])
    ratio = statistics.median(row[0] / row[faster] for row in times)
    print(f"10,000 images: ours {medians[0]:.3f} s, PyTorch {medians[faster]:.3f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    no_arguments("benchmarks.scoring", __doc__)
    main()
