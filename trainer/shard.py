"""One part of a batch, with everything that a thread needs to work on it."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.base_data_loader import Dataset
from base.base_layer import ShardClock
from base.base_loss import BaseLoss
from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.shared_memory import shared_zeros
from base.types import Array


@dataclass(frozen=True)
class Work:
    """What a shard is given: which samples to read, their targets, and where to put the outputs."""

    data: Dataset
    samples: Array | slice
    targets: Array
    outputs: Array
    normaliser: float


class Shard:
    """A replica of model and loss with memory of its own."""

    def __init__(self, index: int, model: BaseModel, loss: BaseLoss, streams: RandomStreams) -> None:
        self.index = index
        self.clock = ShardClock(streams, index)
        self.model = model.replica(self.clock)
        self.loss_function = copy.deepcopy(loss)
        self._loss = shared_zeros(1, np.float64)
        self._inputs = np.empty((0, *model.input_shape), model.values.dtype)

    @property
    def loss(self) -> float:
        """This shard's part of the last work's loss, whichever process did it."""
        return float(self._loss[0])

    def train(self, work: Work, step: int, augmentation: Sequence[BaseAugmentation]) -> None:
        """Forward and backward in training mode; leaves the gradients in the replica."""
        self.clock.step = step
        x = self._read(work)
        for position, change in enumerate(augmentation):
            x = change.apply(x, self.clock.streams.generator(f"augmentation/{position}", step, self.index))
        self._forward(x, work)
        self.model.backward(self.loss_function.backward())

    def score(self, work: Work) -> None:
        """Forward alone."""
        self._forward(self._read(work), work)

    def _forward(self, x: Array, work: Work) -> None:
        output = self.model.forward(x)
        work.outputs[...] = output
        self._loss[0] = self.loss_function.forward(output, work.targets, work.normaliser)

    def _read(self, work: Work) -> Array:
        count = len(work.targets)
        if len(self._inputs) < count:
            self._inputs = np.empty((count, *self._inputs.shape[1:]), self._inputs.dtype)
        work.data.read_inputs(work.samples, self._inputs[:count])
        return self._inputs[:count]
