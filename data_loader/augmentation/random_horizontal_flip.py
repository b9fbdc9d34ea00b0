"""Mirrored images."""

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.types import Array, Shape
from data_loader.image_batches import require_images
from data_loader.random_draws import Probability, bernoulli


class RandomHorizontalFlip(BaseAugmentation):
    """Images (H, W, C) are mirrored, left for right. Not for digits and letters, whose mirror images are others.

    p: the probability that an image is augmented.
    """

    def __init__(self, p: Probability = 0.5) -> None:
        self.p = p

    def check(self, input_shape: Shape) -> None:
        require_images(self, input_shape)

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        rows = np.flatnonzero(bernoulli(self.p, len(x), generator))
        x[rows] = x[rows, :, ::-1]
        return x, target
