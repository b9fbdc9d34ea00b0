"""Images moved by whole pixels."""

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.constraints import PositiveInt
from base.types import Array, Shape
from data_loader.image_batches import require_images
from data_loader.random_draws import Probability, bernoulli


class RandomShift(BaseAugmentation):
    """Each image (H, W, C) is moved by a whole number of pixels along each axis.

    max_pixels: the largest move; every move from -max_pixels to max_pixels is equally likely.
    p: the probability that an image is augmented.
    fill: the value of pixels that come in from beyond the edge, as the network gets them, after normalize.
    """

    def __init__(self, max_pixels: PositiveInt, p: Probability = 1.0, fill: float = 0.0) -> None:
        self.max_pixels = max_pixels
        self.p = p
        self.fill = fill

    def check(self, input_shape: Shape) -> None:
        require_images(self, input_shape)
        if self.max_pixels >= min(input_shape[:2]):
            raise ValueError(f"max_pixels {self.max_pixels} would move all of an image {input_shape[:2]} out of sight")

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        moves = generator.integers(-self.max_pixels, self.max_pixels + 1, (len(x), 2))
        moves *= bernoulli(self.p, len(x), generator)[:, None]
        return self.ops.shift(x, moves, self.fill), target
