"""Samples that are between two."""

import numpy as np

from base.base_augmentation import BaseMixing
from base.constraints import Positive
from base.types import Array, Shape
from data_loader.random_draws import Probability, bernoulli


class Mixup(BaseMixing):
    """x <- s x + (1 - s) x', and so the targets, with x' another sample of the batch and s ~ Beta(alpha, alpha).

    Class indices become probabilities of the classes. Each sample has an s and an x' of its own, which is drawn from
    the same shard by shuffling it. Training figures compare with the targets as they were, but for the loss (Zhang et
    al., "mixup: beyond empirical risk minimization", ICLR 2018).

    alpha: how far samples are mixed: hardly for numbers near 0, evenly for large ones; 0.1 to 0.4 in the paper.
    p: the probability that a sample is augmented.
    """

    def __init__(self, alpha: Positive = 0.2, p: Probability = 1.0) -> None:
        self.alpha = alpha
        self.p = p

    def check(self, input_shape: Shape) -> None:
        """Samples of any shape will do."""

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        rows = np.flatnonzero(bernoulli(self.p, len(x), generator))
        partners = generator.permutation(len(x))[rows]
        share = generator.beta(self.alpha, self.alpha, len(rows))
        mixed = target.astype(np.result_type(target, np.float32))
        for array in (x, mixed):
            array[rows] = array[rows] * _column(share, array) + array[partners] * _column(1 - share, array)
        return x, mixed


def _column(share: Array, like: Array) -> Array:
    return share.astype(like.dtype).reshape(-1, *[1] * (like.ndim - 1))
