"""Samples that are between two."""

import numpy as np

from base.base_augmentation import BaseMixing
from base.constraints import Positive
from base.types import Array, Shape
from data_loader.random_draws import Probability, chosen


class Mixup(BaseMixing):
    """x <- s x + (1 - s) x', and so the targets, with x' another sample of the batch and s ~ Beta(alpha, alpha).

    Class indices become probabilities of the classes. Each sample has an s and an x' of its own, which is drawn from
    the same shard by shuffling it. Training figures compare with the targets as they were, but for the loss (Zhang et
    al., "mixup: beyond empirical risk minimization", ICLR 2018).

    alpha: how far samples are mixed: hardly for numbers near 0, evenly for large ones; 0.1 to 0.4 in the paper.
    p: the probability that a sample is changed.
    """

    def __init__(self, alpha: Positive = 0.2, p: Probability = 1.0) -> None:
        self.alpha = alpha
        self.p = p

    def check(self, input_shape: Shape) -> None:
        """Samples of any shape will do."""

    def apply(self, x: Array, generator: np.random.Generator) -> Array:
        rows, partners, share = self._draw(len(x), generator)
        x[rows] = x[rows] * _column(share, x) + x[partners] * _column(1 - share, x)
        return x

    def apply_targets(self, target: Array, generator: np.random.Generator) -> Array:
        rows, partners, share = self._draw(len(target), generator)
        mixed = target.astype(np.result_type(target, np.float32))
        mixed[rows] = target[rows] * _column(share, mixed) + target[partners] * _column(1 - share, mixed)
        return mixed

    def _draw(self, count: int, generator: np.random.Generator) -> tuple[Array, Array, Array]:
        """Which samples are changed, and of each of them its partner and its own share."""
        rows = np.flatnonzero(chosen(self.p, count, generator))
        return rows, generator.permutation(count)[rows], generator.beta(self.alpha, self.alpha, len(rows))


def _column(share: Array, like: Array) -> Array:
    return share.astype(like.dtype).reshape(-1, *[1] * (like.ndim - 1))
