"""The time of fitting MNIST, NetworkClassifier against MLPClassifier: python -m benchmarks.estimators

Same layers, type, batch size, epochs and optimizer (both by default: Adam), no validation, all 60,000 training images
in memory; both use the cores that there are. In turns within one run, with the median of the rounds' ratios.
"""

import warnings
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.mlp_epoch import compare
from data_loader.loaders.mnist import MnistDataLoader
from trainer.estimators import NetworkClassifier
from utils.command_line import no_arguments

ROUNDS = 5
EPOCHS = 2
BATCH = 128
PENALTY = 1e-4  # MLPClassifier's, which it divides by the batch size


def fit_times(hidden: tuple[int, ...], x: np.ndarray, y: np.ndarray, held_out: tuple[np.ndarray, np.ndarray]) -> None:
    """Print both times for some hidden layers, and both scores."""
    ours = NetworkClassifier(
        {"type": "MLP", "args": {"layer_sizes": [None, *hidden, None]}},
        regularizer={"type": "L2", "args": {"weight": PENALTY / BATCH}},
        batch_size=BATCH,
        epochs=EPOCHS,
        random_state=0,
    )
    theirs = MLPClassifier(
        hidden, alpha=PENALTY, batch_size=BATCH, max_iter=EPOCHS, n_iter_no_change=EPOCHS + 1, random_state=0
    )
    compare(
        f"hidden layers {hidden}, {x.dtype}, {EPOCHS} epochs: NetworkClassifier",
        lambda: ours.fit(x, y),
        "MLPClassifier",
        lambda: theirs.fit(x, y),
        ROUNDS,
    )
    print(f"  test accuracy {ours.score(*held_out):.4f} and {theirs.score(*held_out):.4f}", flush=True)


def arrays(part: Any, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Images as rows of numbers from 0 to 1, and their classes."""
    x = part.inputs_of(slice(None), dtype)
    return x.reshape(len(x), -1), part.read_targets(slice(None))


if __name__ == "__main__":
    no_arguments("benchmarks.estimators", __doc__)
    loader = MnistDataLoader(data_dir="data/mnist")
    training, test = loader.read_training(), loader.read_test()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for layers in ((512, 256), (100,)):
            for kind in ("float32", "float64"):
                fit_times(layers, *arrays(training, kind), arrays(test, kind))
