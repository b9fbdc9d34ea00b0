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
        own = sum_of_rows(block.astype(np.float64)) / len(block)
        total = count + len(block)
        squares = squares + sum_of_rows(np.square(block - own)) + np.square(own - mean) * (count * len(block) / total)
        mean = mean + (own - mean) * (len(block) / total)
        count = total
    return mean, np.sqrt(squares / count)


def sum_of_rows(rows: Array) -> Array:
    """The sum over the first axis, by adding the second half of the rows to the first until one is left.

    So its order is ours, and not that of a NumPy version.

    >>> sum_of_rows(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).tolist()
    [9.0, 12.0]
    """
    while len(rows) > 1:
        half = (len(rows) + 1) // 2
        rest = rows[half:]
        rows = rows[:half].copy()
        rows[: len(rest)] += rest
    return rows[0]
