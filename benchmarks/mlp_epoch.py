"""The time of a whole epoch of training: python -m benchmarks.mlp_epoch

Two comparisons, each in turns within one run, with the median of the rounds' ratios:

- an epoch of the default config as train.py runs it (reading batches, augmentation, metrics, validation, history,
  checkpoint) against the bare steps that it contains;
- an epoch of the same network without augmentation against scikit-learn's MLPClassifier with the same layers, batch
  size, solver and training samples, 2 threads each; once without validation, which scikit-learn has none of here, and
  once with that of the default config.
"""

import statistics
import warnings
from collections.abc import Callable

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from benchmarks.epochs import THREADS, seconds, trainer_of
from trainer.trainer import Trainer
from utils.command_line import no_arguments

ROUNDS = 7


def bare_steps(trainer: Trainer) -> None:
    """The steps of an epoch on one batch that is in the cache."""
    samples = np.arange(trainer.settings.data_loader.batch_size)
    with trainer.parallel.workers.parallel_region("steps"):
        for step in range(trainer.steps_per_epoch):
            trainer.update.apply(trainer.parallel.train_batch(trainer.experiment.training, samples, step).grads, 1e-9)


def against_bare_steps() -> None:
    """Print the first comparison."""
    with trainer_of("config.json") as trainer:
        compare("an epoch of train.py", trainer.run_epoch, "its bare steps", lambda: bare_steps(trainer))


def against_scikit_learn(*overrides: str) -> None:
    """Print the second comparison."""
    same = ["augmentation=null", "lr_scheduler=null", "optimizer.args.lr=0.01", "trainer.monitor=min loss"]
    with trainer_of("config.json", *same, *overrides) as trainer:
        data = trainer.experiment.training
        x = np.empty((len(data), *data.input_shape), np.float32)
        data.read_inputs(slice(None), x)
        x, y = x.reshape(len(x), -1), data.read_targets(slice(None))
        theirs = MLPClassifier(
            (512, 256), solver="sgd", learning_rate_init=0.01, momentum=0.9, nesterovs_momentum=False, batch_size=128
        )

        def their_epoch() -> None:
            with threadpool_limits(THREADS):
                theirs.partial_fit(x, y, classes=np.arange(10))

        held = trainer.experiment.validation
        extra = "no validation" if held is None else f"scoring {len(held):,} more"
        ours = f"an epoch of train.py on {len(data):,} samples, {extra},"
        compare(ours, trainer.run_epoch, "an epoch of scikit-learn", their_epoch)


def compare(
    our_name: str, ours: Callable[[], object], their_name: str, theirs: Callable[[], object], rounds: int = ROUNDS
) -> None:
    """Run both in turns and print the medians."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(first / second for first, second in pairs)
    print(f"{our_name} {a:.3f} s, {their_name} {b:.3f} s, ratio {ratio:.2f}", flush=True)


if __name__ == "__main__":
    no_arguments("benchmarks.mlp_epoch", __doc__)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        against_bare_steps()
        against_scikit_learn("data_loader.args.validation_split=0")
        against_scikit_learn()
