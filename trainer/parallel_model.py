"""Data parallel training and evaluation of a model on one machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
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
from utils.ranks.current import current

SCORE_ROWS = 64  # samples of a forward pass in evaluation: constant, so that the bits depend on no batch size
SMALL_STEP = 2**20  # a step of fewer multiply-adds (batch size times parameters) is faster in one shard
SHARD_ROWS = 64  # four shards are faster than two where each has this many samples: each adds a gradient to be summed


class Watcher(Protocol):
    """A receiver of outputs and targets: a metric, or a collector of predictions."""

    def update(self, output: Array, target: Array) -> None:
        """Take in a batch."""


@dataclass(frozen=True)
class StepResult:
    """The results of a step's forward and backward passes, before the update."""

    loss: float  # mean over the batch
    loss_denominator: float  # what the sum of losses was divided by
    outputs: Array  # valid until the next step
    targets: Array  # as they were read, not mixed by augmentation
    grads: list[Array]  # the gradient vector of each shard, still to be summed


class ParallelModel:
    """Replicas of a model that share its parameters, and the workers that run them.

    A batch is cut into `micro_batch_count` micro-batches, done one after the other (gradient accumulation), and each of
    these into `shard_count` shards, done in parallel. Sums over shards have a fixed order, so the number of workers
    changes the time of a step and not its result. `batch_size` is the largest batch, over all micro-batches.

    BLAS is limited to one thread while this object is open, as its results depend on the number of its threads. Call
    `close` when done, or use a `with` statement.
    """

    def __init__(
        self,
        model: BaseModel,
        loss_function: BaseLoss,
        streams: RandomStreams,
        shard_count: int,
        batch_size: int,
        threads: int | None = None,
        micro_batch_count: int = 1,
    ) -> None:
        self.model = model
        self.loss_function = loss_function
        self.micro_batch_count = micro_batch_count
        self.shards = [
            Shard(index, shard_count, model, loss_function, streams, micro_batch_count) for index in range(shard_count)
        ]
        self.workers = make_workers(min(threads or current().cores, -(-shard_count // current().size)))
        self._limits = threadpool_limits(limits=1, user_api="blas")
        rows = max(batch_size, SCORE_ROWS * shard_count)
        self._outputs = shared_zeros((rows, *model.output_shape), model.values.dtype)

    def train_batch(
        self, data: Dataset, samples: Array, step: int, augmentation: Sequence[BaseAugmentation] = ()
    ) -> StepResult:
        """Forward and backward passes of a batch in training mode, over all its micro-batches and shards."""
        targets, outputs = data.read_targets(samples), self._outputs[: len(samples)]
        loss_targets = targets
        if mixes(augmentation) and data.classes is not None:
            loss_targets = one_hot(targets, len(data.classes), self.model.values.dtype)
        loss_denominator = self._loss_denominator(loss_targets, data.read_weights(samples))
        for micro_batch, rows in enumerate(divide(len(samples), self.micro_batch_count)):
            batches = [
                ShardBatch(data, samples[part], loss_targets[part], outputs[part], loss_denominator, micro_batch)
                for part in divide(rows.stop - rows.start, len(self.shards), rows.start)
            ]
            self._train_micro_batch(batches, step, augmentation)
        self.workers.share([shard.losses for shard in self.shards])
        loss, grads = tree_sum([shard.loss for shard in self.shards]), [shard.grads for shard in self.shards]
        return StepResult(loss, loss_denominator, outputs, targets, grads)

    def own_parts(self, count: int) -> list[slice]:
        """The parts of a batch of so many samples that this process and its workers read."""
        micro_batches = divide(count, self.micro_batch_count)
        parts = [divide(rows.stop - rows.start, len(self.shards), rows.start) for rows in micro_batches]
        return [part for shards in parts for part in self.workers.mine(shards)]

    def score(self, data: Dataset, watchers: Sequence[Watcher] = ()) -> float:
        """The mean loss over a data set, in evaluation mode and without augmentation; watchers see every output."""
        total = loss_denominator = 0.0
        with self.evaluation_mode(), self.workers.parallel_region("a score") as is_leader:
            # Every worker process runs this loop and does its own shards; only the leader calls the watchers.
            for start in range(0, len(data), SCORE_ROWS * len(self.shards)):
                stop = min(start + SCORE_ROWS * len(self.shards), len(data))
                targets = data.read_targets(slice(start, stop))
                outputs = self._outputs[: stop - start]
                total += self._score_block(data, start, targets, outputs)
                loss_denominator += self._loss_denominator(targets, data.read_weights(slice(start, stop)))
                for watcher in watchers if is_leader else ():
                    watcher.update(outputs, targets)
        return total / loss_denominator

    def predict(self, data: Dataset) -> Array:
        """The outputs (N, ...) for at most `batch_size` samples, in evaluation mode; valid until the next call."""
        outputs, block = self._outputs[: len(data)], SCORE_ROWS * len(self.shards)
        region = nullcontext() if len(data) <= SCORE_ROWS else self.workers.parallel_region("a prediction")
        with self.evaluation_mode(), region:
            for start in range(0, len(data), block):
                rows = outputs[start : start + block]
                jobs = self._jobs(data, start, rows, rows)
                self.workers.run(lambda job: job[0].predict(job[1]), jobs)
        return outputs

    def features(self, data: Dataset, samples: Array, layer: str) -> Array:
        """The named layer's outputs (N, ...) for some samples, in evaluation mode. Raises KeyError."""
        replica, outputs = self.shards[0].model, []
        with self.evaluation_mode():
            for start in range(0, len(samples), SCORE_ROWS):
                rows = samples[start : start + SCORE_ROWS]
                x = np.empty((len(rows), *data.input_shape), replica.values.dtype)
                data.read_inputs(rows, x)
                outputs.append(replica.output_of(x, layer))
        return np.concatenate(outputs)

    @contextmanager
    def evaluation_mode(self) -> Iterator[None]:
        """Context manager: all replicas are in evaluation mode, and in training mode again afterwards."""
        for shard in self.shards:
            shard.model.eval()
        try:
            yield
        finally:
            for shard in self.shards:
                shard.model.train()

    def close(self) -> None:
        """End the workers and restore the number of BLAS threads."""
        self.workers.close()
        self._limits.restore_original_limits()

    def __enter__(self) -> ParallelModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _loss_denominator(self, targets: Array, weights: Array | None) -> float:
        return self.loss_function.loss_denominator(targets, *(() if weights is None else (weights,)))

    def _score_block(self, data: Dataset, start: int, targets: Array, outputs: Array) -> float:
        jobs = self._jobs(data, start, targets, outputs)
        self.workers.run(lambda job: job[0].score(job[1]), jobs)
        self.workers.share([shard.losses for shard, _ in jobs])
        self.workers.collect([batch.outputs for _, batch in jobs])
        return float(tree_sum([shard.loss for shard, _ in jobs]))

    def _jobs(self, data: Dataset, start: int, targets: Array, outputs: Array) -> list[tuple[Shard, ShardBatch]]:
        """The part of the samples from `start` on that each shard evaluates."""
        parts = [slice(low, min(low + SCORE_ROWS, len(targets))) for low in range(0, len(targets), SCORE_ROWS)]
        return [
            (shard, ShardBatch(data, slice(start + part.start, start + part.stop), targets[part], outputs[part], 1.0))
            for shard, part in zip(self.shards, parts, strict=False)
        ]

    def _train_micro_batch(
        self, batches: list[ShardBatch], step: int, augmentation: Sequence[BaseAugmentation]
    ) -> None:
        jobs = list(zip(self.shards, batches, strict=True))
        self.workers.run(lambda job: job[0].train(job[1], step, augmentation), jobs)
        self.workers.collect([batch.outputs for batch in batches])
        if not len(self.model.buffers):
            return
        self.workers.share([shard.model.next_buffers for shard in self.shards])
        if self.workers.keeps_state:
            merge(self.model.buffers, [(shard.model.next_buffers, len(batch.targets)) for shard, batch in jobs])


def divide(count: int, parts: int, start: int = 0) -> list[slice]:
    """Cut the range of `count` indices from `start` on into parts whose lengths differ by one at most.

    >>> divide(10, 4)
    [slice(0, 2, None), slice(2, 5, None), slice(5, 7, None), slice(7, 10, None)]
    """
    bounds = [start + count * part // parts for part in range(parts + 1)]
    return [slice(first, last) for first, last in pairwise(bounds)]


def auto_shards(batch_size: int, parameters: int) -> int:
    """The number of shards that "auto" stands for: one for small steps, else two, or four for batches of 256 and more.

    It depends on the config alone and not on the machine, as the number of shards is part of the result.
    """
    if batch_size * parameters < SMALL_STEP:
        return 1
    return 4 if batch_size >= 4 * SHARD_ROWS else 2
