"""Statistics of data that may be larger than memory."""

from collections.abc import Iterator

import numpy as np

from base.types import Array

BLOCK = 2**20  # numbers in memory at once: fixed, so that the bits depend on nothing else


def blocks(inputs: Array, rows: Array) -> Iterator[Array]:
    """The rows, a block at a time, as (n, features): for images a pixel each, with its channels as features."""
    step = max(1, BLOCK // max(1, inputs[:1].size))
    for start in range(0, len(rows), step):
        block = np.asarray(inputs[rows[start : start + step]])
        yield block.reshape(-1, block.shape[-1] if block.ndim > 1 else 1)


def bounds(inputs: Array, rows: Array) -> tuple[Array, Array]:
    """The least value and the extent, largest minus least, of each feature (or channel)."""
    low, high = zip(*((block.min(axis=0), block.max(axis=0)) for block in blocks(inputs, rows)), strict=True)
    least = np.min(low, axis=0).astype(np.float64)
    return least, np.max(high, axis=0) - least


def moments(inputs: Array, rows: Array) -> tuple[Array, Array]:
    """The mean and the standard deviation of each feature (or channel).

    Blocks are merged as in Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
    variances", 1979, so that a large mean does not drown a small deviation.
    """
    count, mean, squares = 0, np.zeros(1), np.zeros(1)
    for block in blocks(inputs, rows):
        own = block.mean(axis=0, dtype=np.float64)
        total = count + len(block)
        squares = squares + np.square(block - own).sum(axis=0) + np.square(own - mean) * (count * len(block) / total)
        mean = mean + (own - mean) * (len(block) / total)
        count = total
    return mean, np.sqrt(squares / count)
