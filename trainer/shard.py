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
from data_loader.resampling.compose import augmented
from model.error_context import naming_layer
from ops.tree_sum import tree_sum


@dataclass(frozen=True)
class Work:
    """What a shard is given: which samples to read, what to learn of them, and where to put the outputs.

    `turn` counts the works of a step, from 0, where a step is too large to be done in one.
    """

    data: Dataset
    samples: Array | slice
    targets: Array
    outputs: Array
    normaliser: float
    turn: int = 0


class Shard:
    """A replica of model and loss with memory of its own, one of `shards`, which takes `turns` works a step."""

    def __init__(
        self, index: int, shards: int, model: BaseModel, loss: BaseLoss, streams: RandomStreams, turns: int = 1
    ) -> None:
        self.index = index
        self.clock = ShardClock(streams, index)
        self.model = model.replica(self.clock)
        self.loss_function = copy.deepcopy(loss)
        self._shards = shards
        self._losses = shared_zeros(turns, np.float64)
        self._sum = None if turns == 1 else shared_zeros(len(model.values), model.values.dtype)
        self._inputs = np.empty((0, *model.input_shape), model.values.dtype)

    @property
    def loss(self) -> float:
        """This shard's part of the loss of the last step or score, whichever process computed it."""
        return float(tree_sum(self._losses.tolist()))

    @property
    def grads(self) -> Array:
        """The gradients of the last step, of all its turns."""
        return self.model.grads if self._sum is None else self._sum

    def train(self, work: Work, step: int, augmentation: Sequence[BaseAugmentation]) -> None:
        """Forward and backward in training mode; adds to `grads` what earlier turns of the step have left there."""
        self.clock.step, self.clock.shard = step, work.turn * self._shards + self.index
        if len(work.targets):
            with naming_layer(self.model):
                self._train(work, augmentation)
        else:
            self._losses[work.turn] = 0
            self.model.grads.fill(0)
        if self._sum is not None:
            np.add(self._sum if work.turn else 0, self.model.grads, out=self._sum)

    def _train(self, work: Work, augmentation: Sequence[BaseAugmentation]) -> None:
        clock = self.clock
        x = augmented(self._read(work), augmentation, clock.streams, clock.step, clock.shard)
        self._forward(x, work, work.targets)
        self.model.backward(self.loss_function.backward())

    def score(self, work: Work) -> None:
        """Forward alone."""
        self._losses.fill(0)
        with naming_layer(self.model):
            self._forward(self._read(work), work, work.targets)

    def _forward(self, x: Array, work: Work, targets: Array) -> None:
        output = self.model.forward(x)
        work.outputs[...] = output
        self._losses[work.turn] = self.loss_function.forward(output, targets, work.normaliser)

    def _read(self, work: Work) -> Array:
        count = len(work.targets)
        if len(self._inputs) < count:
            self._inputs = np.empty((count, *self._inputs.shape[1:]), self._inputs.dtype)
        work.data.read_inputs(work.samples, self._inputs[:count], self.loss_function.ops)
        return self._inputs[:count]
