"""Batch norm's running statistics, taken anew for weights that were not trained with them, such as an average."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from base.base_model import BaseModel
from base.dataset import Dataset
from base.shared_memory import shared_zeros
from base.types import Array
from model.layers.batch_norm import BatchNorm, by_the_batch
from ops.tree_sum import tree_sum
from trainer.parallel_model import ParallelModel, divide
from trainer.shard import Shard

STATISTICS = ("running_mean", "running_var")


def has_statistics(model: BaseModel) -> bool:
    """True if there are running statistics of batch norm."""
    return bool(_places(model).any())


def measured_buffers(parallel: ParallelModel, data: Dataset, batches: Sequence[Array]) -> Array:
    """The model's buffers, those of batch norm as means over the shards of these batches; the others as they are.

    A shard counts by its samples, and one with a single value a channel not at all. Nothing else is in training mode:
    no augmentation, no dropout. As PyTorch's swa_utils.update_bn.
    """
    model = parallel.model
    totals = [shared_zeros(2 * len(model.buffers), np.float64).reshape(2, -1) for _ in parallel.shards]
    with ExitStack() as stack:
        stack.enter_context(parallel.evaluation_mode())
        for shard in parallel.shards:
            stack.enter_context(by_the_batch(shard.model))
        stack.enter_context(parallel.workers.parallel_region("statistics of batch norm"))
        for samples in batches:
            parts = divide(len(samples), len(parallel.shards))
            jobs = [
                (shard, samples[part], own) for shard, part, own in zip(parallel.shards, parts, totals, strict=True)
            ]
            parallel.workers.run(lambda job: _add(data, *job), jobs)
        parallel.workers.share(totals)
    sums, counts = tree_sum(totals)
    buffers, told = model.buffers.copy(), _places(model) & (counts > 0)
    buffers[told] = sums[told] / counts[told]
    return buffers


def _add(data: Dataset, shard: Shard, samples: Array, total: Array) -> None:
    """Add the statistics of a shard's samples, times their number, and the number itself."""
    if not len(samples):
        return
    shard.forward(data, samples, len(samples))
    found = shard.model.next_buffers
    told = np.isfinite(found)
    total[:, told] += len(samples) * np.stack([found[told], np.ones(told.sum())])


def _places(model: BaseModel) -> Array:
    """A mask of the vector of buffers: the running statistics of batch norm."""
    places = np.zeros(len(model.buffers), bool)
    views = model.buffer_views(places)
    for name, layer in model.named_layers():
        if isinstance(layer, BatchNorm) and layer.track_running_stats and layer.momentum != 0:  # 0: they never change
            for statistic in STATISTICS:
                views[f"{name}.{statistic}"].fill(True)
    return places
