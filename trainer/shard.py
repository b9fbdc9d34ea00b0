"""One part of a batch, with everything that a thread needs to work on it."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.base_layer import ShardClock
from base.base_loss import BaseLoss
from base.base_model import BaseModel
from base.dataset import Dataset
from base.random_streams import RandomStreams
from base.shared_memory import shared_zeros
from base.types import Array
from data_loader.resampling.compose import augment
from model.error_context import layer_error_context
from ops.tree_sum import tree_sum


@dataclass(frozen=True)
class ShardBatch:
    """A shard's part of a batch: the samples to read, their targets, and the memory for outputs.

    `micro_batch` counts the works of a step, from 0, where a step is too large to be done in one.
    """

    data: Dataset
    samples: Array | slice
    targets: Array
    outputs: Array
    loss_denominator: float
    micro_batch: int = 0


class Shard:
    """A replica of model and loss with memory of its own, one of `shards`, which takes `micro_batches` works a step."""

    def __init__(
        self, index: int, shards: int, model: BaseModel, loss: BaseLoss, streams: RandomStreams, micro_batches: int = 1
    ) -> None:
        self.index = index
        self.clock = ShardClock(streams, index)
        self.model = model.replica(self.clock)
        self.loss_function = copy.deepcopy(loss)
        self._shards = shards
        self._losses = shared_zeros(micro_batches, np.float64)
        self._sum = None if micro_batches == 1 else shared_zeros(len(model.values), model.values.dtype)
        self._inputs = np.empty((0, *model.input_shape), model.values.dtype)

    @property
    def loss(self) -> float:
        """This shard's part of the loss of the last step or score, whichever process computed it."""
        return float(tree_sum(self._losses.tolist()))

    @property
    def grads(self) -> Array:
        """The gradients of the last step, of all its turns."""
        return self.model.grads if self._sum is None else self._sum

    def train(self, batch: ShardBatch, step: int, augmentation: Sequence[BaseAugmentation]) -> None:
        """Write the gradients of the parameters, or add them to those of the step's earlier micro-batches."""
        self.clock.step, self.clock.shard = step, batch.micro_batch * self._shards + self.index
        loss = 0.0
        if len(batch.targets):
            with layer_error_context(self.model):
                loss = self._train(batch, augmentation)
        else:
            self.model.grads.fill(0)
        self._losses[batch.micro_batch] = loss
        if self._sum is not None:
            np.add(self._sum if batch.micro_batch else 0, self.model.grads, out=self._sum)

    def score(self, batch: ShardBatch) -> None:
        """Forward alone."""
        self._losses.fill(0)
        with layer_error_context(self.model):
            batch.outputs[...] = output = self.model.forward(self._read(batch))
            self._losses[0] = self.loss_function.forward(output, batch.targets, batch.loss_denominator)

    def _train(self, batch: ShardBatch, augmentation: Sequence[BaseAugmentation]) -> float:
        """Forward, loss, and backward through both."""
        clock = self.clock
        x, target = augment(self._read(batch), batch.targets, augmentation, clock.streams, clock.step, clock.shard)
        batch.outputs[...] = output = self.model.forward(x)
        loss = self.loss_function.forward(output, target, batch.loss_denominator)
        dy = self.loss_function.backward()
        self.model.backward(dy)
        return loss

    def _read(self, batch: ShardBatch) -> Array:
        count = len(batch.targets)
        if len(self._inputs) < count:
            self._inputs = np.empty((count, *self._inputs.shape[1:]), self._inputs.dtype)
        batch.data.read_inputs(batch.samples, self._inputs[:count], self.loss_function.ops)
        return self._inputs[:count]
