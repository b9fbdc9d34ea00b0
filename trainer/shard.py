"""A replica of the model that computes loss and gradients of one part of each batch."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.base_layer import RandomContext
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
    """A shard's part of a micro-batch: the samples to read, their targets, and the array to write outputs into.

    `micro_batch` is the index of the micro-batch within the step, from 0 (gradient accumulation).
    """

    data: Dataset
    samples: Array | slice
    targets: Array
    outputs: Array
    loss_denominator: float
    micro_batch: int = 0

    def loss(self, function: BaseLoss, output: Array, target: Array) -> float:
        """The batch's part of the loss; a function that knows of no weights will do where samples have none."""
        weights = self.data.read_weights(self.samples)
        given = () if weights is None else (weights,)
        return function.forward(output, target, self.loss_denominator, *given)


class Shard:
    """One of `shard_count` replicas of the model, with gradients, activations and a loss function of its own.

    With `micro_batch_count` above 1, the gradients of a step's micro-batches are accumulated.
    """

    def __init__(
        self,
        index: int,
        shard_count: int,
        model: BaseModel,
        loss_function: BaseLoss,
        streams: RandomStreams,
        micro_batch_count: int = 1,
    ) -> None:
        self.index = index
        self.random_context = RandomContext(streams, index)
        self.model = model.replica(self.random_context)
        self.loss_function = copy.deepcopy(loss_function)
        self._shard_count = shard_count
        self.losses = shared_zeros(micro_batch_count, np.float64)  # of each micro-batch
        self._grad_sum = None if micro_batch_count == 1 else shared_zeros(len(model.values), model.values.dtype)
        self._inputs = np.empty((0, *model.input_shape), model.values.dtype)

    @property
    def loss(self) -> float:
        """This shard's part of the loss of the last step or evaluation, whichever process computed it."""
        return float(tree_sum(self.losses.tolist()))

    @property
    def grads(self) -> Array:
        """The gradients of the last step, summed over its micro-batches."""
        return self.model.grads if self._grad_sum is None else self._grad_sum

    def train(self, batch: ShardBatch, step: int, augmentation: Sequence[BaseAugmentation]) -> None:
        """Compute the loss and the gradients of a batch, which must be in the step's order of micro-batches."""
        # Each micro-batch of a step draws random numbers of its own, as if it were of another shard.
        self.random_context.step = step
        self.random_context.shard = batch.micro_batch * self._shard_count + self.index
        loss = 0.0
        if len(batch.targets):
            with layer_error_context(self.model):
                loss = self._train(batch, augmentation)
        else:
            self.model.grads.fill(0)
        self.losses[batch.micro_batch] = loss
        if self._grad_sum is not None:  # backward overwrites model.grads, so they are accumulated here
            if batch.micro_batch == 0:
                self._grad_sum.fill(0)
            self._grad_sum += self.model.grads

    def score(self, batch: ShardBatch) -> None:
        """Compute outputs and loss of a batch, without gradients. The caller sets evaluation mode."""
        self.losses.fill(0)
        with layer_error_context(self.model):
            batch.outputs[...] = output = self.forward(batch.data, batch.samples, len(batch.targets))
            self.losses[0] = batch.loss(self.loss_function, output, batch.targets)

    def predict(self, batch: ShardBatch) -> None:
        """Compute the outputs of a batch alone; its targets say only how many samples it has."""
        batch.outputs[...] = self.forward(batch.data, batch.samples, len(batch.targets))

    def forward(self, data: Dataset, samples: Array | slice, count: int) -> Array:
        """The network's outputs for so many samples, in the mode that the caller sets."""
        with layer_error_context(self.model):
            return self.model.forward(self._read(data, samples, count))

    def _train(self, batch: ShardBatch, augmentation: Sequence[BaseAugmentation]) -> float:
        """Forward pass, loss, and backward pass through both; gradients are overwritten, not accumulated."""
        inputs, context = self._read(batch.data, batch.samples, len(batch.targets)), self.random_context
        x, target = augment(inputs, batch.targets, augmentation, context.streams, context.step, context.shard)
        batch.outputs[...] = output = self.model.forward(x)
        loss = batch.loss(self.loss_function, output, target)
        dy = self.loss_function.backward()
        self.model.backward(dy)
        return loss

    def _read(self, data: Dataset, samples: Array | slice, count: int) -> Array:
        if len(self._inputs) < count:
            self._inputs = np.empty((count, *self._inputs.shape[1:]), self._inputs.dtype)
        data.read_inputs(samples, self._inputs[:count], self.loss_function.ops)
        return self._inputs[:count]
