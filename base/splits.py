"""Parts of a data set."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from base.constraints import NonNegativeInt, Range
from base.types import Array


@dataclass(frozen=True, kw_only=True)
class Split:
    """A division of samples that is not random.

    by: "order": parts are cut off at the end, as series over time need it; "group": samples with the same value in a
        column stay together; "fold": one of several equal parts is validated on, which together are all the data.
    column: for "group", the column of a table, or the array of a file.
    index: for "fold", which part, from 0.
    count: for "fold", how many parts.
    """

    by: Literal["order", "group", "fold"]
    column: str | None = None
    index: NonNegativeInt | None = None
    count: Annotated[int, Range(ge=2)] | None = None

    def __post_init__(self) -> None:
        if (self.by == "group") != (self.column is not None):
            raise ValueError('"column" belongs to by "group", which needs it: {"by": "group", "column": NAME}')
        if (self.by == "fold") != (self.index is not None) or (self.by == "fold") != (self.count is not None):
            raise ValueError('"index" and "count" belong to by "fold", which needs both, such as 0 and 5')
        if self.index is not None and self.count is not None and self.index >= self.count:
            raise ValueError(f"index {self.index} is not below count {self.count}; folds are numbered from 0")


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


def draw_groups(groups: Array, count: int, generator: np.random.Generator) -> Array:
    """The samples of whole groups, drawn at random, of which there are about `count`, and never all.

    Groups are taken as long as that brings their samples nearer to `count`; at least one is.
    """
    _, number, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        raise ValueError("split by group: all samples are of one group, so none can be held out")
    order = generator.permutation(len(sizes))
    reached = np.cumsum(sizes[order])
    taken = 1 + int(np.argmin(np.abs(reached[:-1] - count)))
    return np.flatnonzero(np.isin(number, order[:taken]))


def fold(order: Array, split: Split) -> Array:
    """One of `split.count` parts of an order, whose sizes differ by one at most.

    >>> [fold(np.arange(5), Split(by="fold", index=index, count=2)).tolist() for index in range(2)]
    [[0, 1], [2, 3, 4]]
    """
    assert split.index is not None
    assert split.count is not None
    bounds = len(order) * np.arange(split.count + 1) // split.count
    return order[bounds[split.index] : bounds[split.index + 1]]


def sample_count(name: str, amount: float, samples: int) -> int:
    """The number of samples that a whole number, or a fraction, stands for; 0 means none.

    Raises ValueError, naming the argument, where it means less than one.
    """
    count = amount if isinstance(amount, int) else round(samples * amount)
    if amount > 0 and count == 0:
        raise ValueError(f"{name} {amount} of {samples} samples is less than one; raise it or set it to 0")
    return count
