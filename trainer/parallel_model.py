"""A model whose batches are divided over the cores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from base.base_augmentation import BaseAugmentation
from base.base_loss import BaseLoss
from base.base_model import BaseModel
from base.buffer import merge
from base.dataset import Dataset
from base.random_streams import RandomStreams
from base.shared_memory import shared_zeros
from base.types import Array
from data_loader.resampling.compose import mixes
from model.targets import one_hot
from ops.tree_sum import tree_sum
from trainer.shard import Shard, ShardBatch
from trainer.workers.make import make_workers
from utils.cores import cores

SCORE_ROWS = 64  # samples of one forward when scoring: fixed, so that the bits depend on nothing else
SMALL_STEP = 2**20  # multiply-adds below which a step is faster undivided
SHARD_ROWS = 64  # samples from which another shard is worth its gradients


class Watcher(Protocol):
    """An observer of outputs and targets: a metric, or a collector."""

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch."""


@dataclass(frozen=True)
class Batch:
    """The result of a batch: mean loss and its denominator, outputs (valid until the next batch), targets, and
    its shards' gradients.
    """

    loss: float
    loss_denominator: float
    outputs: Array
    targets: Array
    grads: list[Array]


class ParallelModel:
    """Replicas of a model that share its parameters, and the workers that run them.

    A batch, of `batch_size` at most, is worked through in `micro_batches` (gradient accumulation), each of which is cut
    into `shards` (data parallel), whatever the number of workers. Sums over shards are made in a fixed order, so the
    workers decide only how fast it goes. BLAS is held at one thread: with two it gives other bits. To be closed, or
    used in a `with` statement.
    """

    def __init__(
        self,
        model: BaseModel,
        loss: BaseLoss,
        streams: RandomStreams,
        shards: int,
        batch_size: int,
        threads: int | None = None,
        micro_batches: int = 1,
    ) -> None:
        self.model = model
        self.loss = loss
        self.micro_batches = micro_batches
        self.shards = [Shard(index, shards, model, loss, streams, micro_batches) for index in range(shards)]
        self.workers = make_workers(min(threads or cores(), shards))
        self._limits = threadpool_limits(limits=1, user_api="blas")
        rows = max(batch_size, SCORE_ROWS * shards)
        self._outputs = shared_zeros((rows, *model.output_shape), model.values.dtype)

    def train_batch(
        self, data: Dataset, samples: Array, step: int, augmentation: Sequence[BaseAugmentation] = ()
    ) -> Batch:
        """Loss, outputs and gradients of a batch, in training mode."""
        truth, outputs = data.read_targets(samples), self._outputs[: len(samples)]
        micro_batches = [
            divide(part.stop - part.start, len(self.shards), part.start)
            for part in divide(len(samples), self.micro_batches)
        ]
        targets = truth
        if mixes(augmentation) and data.classes is not None:
            targets = one_hot(truth, len(data.classes), self.model.values.dtype)
        loss_denominator = self.loss.loss_denominator(targets)
        for micro_batch, cuts in enumerate(micro_batches):
            batches = [
                ShardBatch(data, samples[cut], targets[cut], outputs[cut], loss_denominator, micro_batch)
                for cut in cuts
            ]
            self._train_micro_batch(batches, step, augmentation)
        loss, grads = tree_sum([shard.loss for shard in self.shards]), [shard.grads for shard in self.shards]
        return Batch(loss, loss_denominator, outputs, truth, grads)

    def score(self, data: Dataset, watchers: Sequence[Watcher] = ()) -> float:
        """The mean loss over a data set, without dropout and augmentation; watchers see every output."""
        total = loss_denominator = 0.0
        self._set_training(False)
        with self.workers.started("a score") as is_leader:
            for start in range(0, len(data), SCORE_ROWS * len(self.shards)):
                stop = min(start + SCORE_ROWS * len(self.shards), len(data))
                targets = data.read_targets(slice(start, stop))
                outputs = self._outputs[: stop - start]
                total += self._score_block(data, start, targets, outputs)
                loss_denominator += self.loss.loss_denominator(targets)
                for watcher in watchers if is_leader else ():
                    watcher.update(outputs, targets)
        self._set_training(True)
        return total / loss_denominator

    def features(self, data: Dataset, samples: Array, layer: str) -> Array:
        """The named layer's output (N, ...) for some samples, without dropout and augmentation. Raises KeyError."""
        replica = self.shards[0].model
        parts = []
        replica.eval()
        for start in range(0, len(samples), SCORE_ROWS):
            rows = samples[start : start + SCORE_ROWS]
            x = np.empty((len(rows), *data.input_shape), replica.values.dtype)
            data.read_inputs(rows, x)
            parts.append(replica.output_of(x, layer))
        replica.train()
        return np.concatenate(parts)

    def close(self) -> None:
        """End the workers and give BLAS its own threads back."""
        self.workers.close()
        self._limits.restore_original_limits()

    def __enter__(self) -> ParallelModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _score_block(self, data: Dataset, start: int, targets: Array, outputs: Array) -> float:
        parts = [slice(low, min(low + SCORE_ROWS, len(targets))) for low in range(0, len(targets), SCORE_ROWS)]
        jobs = [
            (shard, ShardBatch(data, slice(start + part.start, start + part.stop), targets[part], outputs[part], 1.0))
            for shard, part in zip(self.shards, parts, strict=False)
        ]
        self.workers.run(lambda job: job[0].score(job[1]), jobs)
        return float(tree_sum([shard.loss for shard, _ in jobs]))

    def _train_micro_batch(
        self, batches: list[ShardBatch], step: int, augmentation: Sequence[BaseAugmentation]
    ) -> None:
        jobs = list(zip(self.shards, batches, strict=True))
        self.workers.run(lambda job: job[0].train(job[1], step, augmentation), jobs)
        if self.workers.is_leader and len(self.model.buffers):
            merge(self.model.buffers, [(shard.model.next_buffers, len(batch.targets)) for shard, batch in jobs])

    def _set_training(self, mode: bool) -> None:
        for shard in self.shards:
            shard.model.train(mode)


def divide(count: int, parts: int, start: int = 0) -> list[slice]:
    """Cut `count` things, the first of which has the number `start`, into as equal parts as can be.

    >>> divide(10, 4)
    [slice(0, 2, None), slice(2, 5, None), slice(5, 7, None), slice(7, 10, None)]
    """
    bounds = [start + count * part // parts for part in range(parts + 1)]
    return [slice(first, last) for first, last in pairwise(bounds)]


def auto_shards(batch_size: int, parameters: int) -> int:
    """The number of shards that "auto" stands for: a choice made from the config alone, never from the machine.

    One where a step is too small to divide; two from then on; four for batches of 256 and more.
    """
    if batch_size * parameters < SMALL_STEP:
        return 1
    return 4 if batch_size >= 4 * SHARD_ROWS else 2
