"""Parts of a data set, drawn at random."""

import numpy as np

from base.types import Array


def draw_order(samples: int, generator: np.random.Generator, labels: Array | None = None) -> Array:
    """The numbers below `samples` in random order, so that any first part of it is a random part.

    With `labels` (samples,), class indices, every first part is stratified: it has each class' share to within a
    sample. Sample r of the n of its class, in random order, stands where (r + 1/2) / n puts it.
    """
    order = generator.permutation(samples)
    if labels is None:
        return order
    shuffled = labels[order]
    counts = np.bincount(shuffled)
    by_class = np.argsort(shuffled, kind="stable")
    rank = np.empty(samples)
    rank[by_class] = np.arange(samples) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(order[np.argsort((rank + 0.5) / counts[shuffled], kind="stable")])


def sample_count(name: str, amount: float, samples: int) -> int:
    """The number of samples that a whole number, or a fraction, stands for; 0 means none.

    Raises ValueError, naming the argument, where it means less than one.
    """
    count = amount if isinstance(amount, int) else round(samples * amount)
    if amount > 0 and count == 0:
        raise ValueError(f"{name} {amount} of {samples} samples is less than one; raise it or set it to 0")
    return count
