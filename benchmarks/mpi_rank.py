"""A training step on several ranks, timed when asked: mpiexec -n 2 python -m benchmarks.mpi_rank CONFIG [KEY=VALUE ...]

Rank 0 reads a word and a number a line from stdin: "step N", "small N" (the smallest message to all) and "exchange N"
(a vector of the network's length to its owners and back) are done N times, and the milliseconds of one are printed;
"rows N" is a step of so many samples, not timed. It also runs as one process.
"""

import sys
import time

import numpy as np

from base.base_model import BaseModel
from data_loader.resampling.compose import merged
from trainer.experiment import Experiment, prepare
from utils.config.parser import ConfigParser
from utils.entry import run_program
from utils.ranks.current import join

WARM = 3


class Timed:
    """A step of an experiment, and the messages of a step alone."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.parallel = experiment.parallel()
        self.workers = self.parallel.workers
        self.update = experiment.update(self.workers)
        self.augmentation = merged(experiment.settings.augmentation or [])
        self.samples = np.arange(experiment.settings.data_loader.batch_size)
        model: BaseModel = experiment.model
        self.vectors = [np.ones(len(model.values), model.values.dtype) for _ in self.parallel.shards]

    def step(self) -> None:
        """One step of training."""
        result = self.parallel.train_batch(self.experiment.training, self.samples, 0, self.augmentation)
        self.update.apply(result.grads, 1e-3)
        self.workers.largest(0, 0)

    def small(self) -> None:
        """The smallest message that all send to all."""
        self.workers.largest(0, 0)

    def exchange(self) -> None:
        """A gradient to its owners, and parameters to all."""
        self.workers.exchange(self.vectors, self.update.pieces)
        self.workers.share_pieces(self.vectors[0], self.update.pieces)

    def milliseconds(self, what: str, count: int) -> float:
        """The mean time of so many."""
        do = {"step": self.step, "small": self.small, "exchange": self.exchange}[what]
        with self.workers.parallel_region("steps"), self.workers.together(), np.errstate(all="ignore"):
            for _ in range(WARM):
                do()
            start = time.perf_counter()
            for _ in range(count):
                do()
            return (time.perf_counter() - start) / count * 1e3


def main() -> None:
    """Answer questions until there are no more."""
    if {"-h", "--help"} & set(sys.argv):
        print(__doc__)
        return
    ranks = join()
    timed = Timed(prepare(ConfigParser.from_file(sys.argv[1], [*sys.argv[2:], "trainer.verbosity=0"])))
    while words := ranks.from_first(sys.stdin.readline).split():
        found = timed.milliseconds(words[0], int(words[1]))
        print(found, flush=True)


if __name__ == "__main__":
    run_program(main, takes_ranks=True)
