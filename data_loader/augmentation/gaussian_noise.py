"""Noise added to inputs."""

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.constraints import NonNegative
from base.types import Array, Shape
from data_loader.image_batches import pieces
from data_loader.random_draws import Interval, Probability, bernoulli, interval


class GaussianNoise(BaseAugmentation):
    """N(mean, std^2) is added to every number of a sample of any shape.

    std: the standard deviation of the noise.
    mean: its mean.
    clip: the lowest and highest number that may result, such as [0, 1]; null: any may.
    p: the probability that a sample is augmented.
    """

    def __init__(
        self, std: NonNegative = 0.1, mean: float = 0.0, clip: Interval | None = None, p: Probability = 1.0
    ) -> None:
        self.std = std
        self.mean = mean
        self.clip = None if clip is None else interval("clip", clip)
        self.p = p

    def check(self, input_shape: Shape) -> None:
        """Samples of any shape will do."""

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        rows = np.flatnonzero(bernoulli(self.p, len(x), generator))
        for piece in pieces(len(rows), x[:1].size):
            noisy = generator.standard_normal((len(rows[piece]), *x.shape[1:]), x.dtype.type)
            noisy *= self.std
            noisy += self.mean
            noisy += x[rows[piece]]
            x[rows[piece]] = noisy if self.clip is None else np.clip(noisy, *self.clip, out=noisy)
        return x, target
