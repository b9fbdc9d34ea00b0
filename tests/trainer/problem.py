"""A small network on random data, to be cut into shards."""

import numpy as np

from base.base_model import BaseModel
from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from base.types import Shape
from model.architectures.mlp import MLP
from model.losses.cross_entropy import CrossEntropyLoss
from trainer.parallel_model import ParallelModel

SAMPLES, FEATURES, CLASSES = 23, 6, 3
STREAMS = RandomStreams(3)


def data(samples: int = SAMPLES) -> Dataset:
    """Random inputs and classes."""
    generator = np.random.Generator(np.random.Philox(key=1))
    inputs = generator.normal(size=(samples, FEATURES))
    targets = generator.integers(0, CLASSES, samples)
    return Dataset(inputs, targets, all_rows(inputs), classes=("a", "b", "c"))


def model(dtype: str = "float64", dropout: float = 0.0, input_shape: Shape = (FEATURES,)) -> BaseModel:
    """An MLP 6-5-3, always with the same parameters."""
    made = MLP([FEATURES, 5, CLASSES], dropout=dropout)
    made.build(input_shape, STREAMS, dtype)
    return made


def parallel(
    shards: int, threads: int = 1, dtype: str = "float64", dropout: float = 0.0, micro_batches: int = 1
) -> ParallelModel:
    """The MLP with cross-entropy, in so many shards."""
    return ParallelModel(model(dtype, dropout), CrossEntropyLoss(), STREAMS, shards, SAMPLES, threads, micro_batches)
