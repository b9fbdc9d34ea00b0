"""Epochs of 100 steps through train.py's trainer against PyTorch's bare steps: python -m benchmarks.run_steps

Ours reads batches of MNIST, counts metrics, logs each step, and writes history and checkpoint, but draws nothing and
validates on nothing; PyTorch's side makes 100 steps on one batch of floats that is in memory. Both take turns.
"""

import statistics

import torch

from benchmarks.epochs import seconds, trainer_of
from benchmarks.mlp_step import torch_mlp
from benchmarks.networks import FORMATS, NETWORKS
from benchmarks.steps import THREADS, Step, geometric_mean, torch_step
from utils.command_line import no_arguments

ROUNDS, STEPS = 9, 100
POOLED = '{"type": "CNN", "args": {"channels": [16, 32], "padding": 1, "hidden_sizes": [128], "classes": 10}}'
RESIDUAL = '{"type": "ResNet", "args": {"channels": [16, 32, 64], "classes": 10}}'
PLAIN = ["augmentation=null", "regularizer=null", "lr_scheduler=null", "optimizer.args.lr=0.01", "trainer.pictures=[]"]
PLAIN += [
    "data_loader.args.validation_split=0",
    "trainer.monitor=off",
    "trainer.early_stop=null",
    "trainer.report=false",
]
PLAIN += [f"trainer.len_epoch={STEPS}", "trainer.verbosity=0", "trainer.save_period=null"]


def torch_sides(letter: str) -> list[Step]:
    """PyTorch's step of a network of the other benchmarks, in each memory format."""
    if letter == "mlp":
        x = torch.rand(128, 784)
        return [torch_step(torch_mlp([784, 512, 256, 10]), x, lambda p: torch.optim.SGD(p, 0.01, 0.9))]
    (network,) = [network for network in NETWORKS if network.name.startswith(f"({letter})")]
    return [network.torch_step(memory_format) for memory_format in FORMATS]


def main() -> None:
    """Print a table of the three networks."""
    torch.set_num_threads(THREADS)
    ratios = []
    plain = ["optimizer.args.momentum=0"]
    for letter, overrides in {"mlp": [], "b": [f"arch={POOLED}", *plain], "e": [f"arch={RESIDUAL}", *plain]}.items():
        steps = torch_sides(letter)

        def repeated(step: Step) -> None:
            for _ in range(STEPS):
                step()

        with trainer_of("config.json", *PLAIN, *overrides) as trainer:
            sides = [trainer.run_epoch, *(lambda step=step: repeated(step) for step in steps)]
            for side in sides:
                side()
            times = [[seconds(side) for side in sides] for _ in range(ROUNDS)]
        medians = [statistics.median(column) for column in zip(*times, strict=True)]
        faster = min(range(1, len(sides)), key=lambda side: medians[side])
        ratios.append(statistics.median(row[0] / row[faster] for row in times))
        print(
            f"{letter:4} ours {medians[0]:.3f} s, PyTorch {medians[faster]:.3f} s, ratio {ratios[-1]:.2f}", flush=True
        )
    print(f"geometric mean of the ratios {geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    no_arguments("benchmarks.run_steps", __doc__)
    main()
