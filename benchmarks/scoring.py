"""Scoring 10,000 images with the network of configs/cnn.json against PyTorch: python -m benchmarks.scoring

PyTorch runs in evaluation mode without gradients, with 2 threads, on batches of 512, in the faster of its memory
formats, from floats in memory; ours from bytes, with the loss. Both take turns; medians of the rounds.
"""

import statistics

import numpy as np
import torch

from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from benchmarks.epochs import seconds
from benchmarks.networks import FORMATS
from benchmarks.steps import THREADS
from benchmarks.torch_cnn import torch_cnn
from ops.choose import choose_ops
from trainer.experiment import give_ops
from trainer.parallel_model import ParallelModel
from utils.command_line import no_arguments
from utils.config.parser import ConfigParser

ROUNDS, IMAGES, BATCH = 9, 10_000, 512


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
    network = torch_cnn(config.resolved["arch"]["args"]).eval()
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
