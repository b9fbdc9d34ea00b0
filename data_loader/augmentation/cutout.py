"""Images with squares cut out."""

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.constraints import PositiveInt
from base.types import Array, Shape
from data_loader.image_batches import rectangle_mask, require_images
from data_loader.random_draws import Probability, bernoulli


class Cutout(BaseAugmentation):
    """Squares of an image (H, W, C) are painted over; their centres may be any pixel, so some reach beyond the edge.

    DeVries and Taylor, "Improved regularization of convolutional neural networks with Cutout", 2017.

    size: the side of a square, in pixels.
    holes: how many squares.
    p: the probability that an image is augmented.
    fill: the value of the pixels in the squares, as the network gets them, after normalize.
    """

    def __init__(self, size: PositiveInt, holes: PositiveInt = 1, p: Probability = 1.0, fill: float = 0.0) -> None:
        self.size = size
        self.holes = holes
        self.p = p
        self.fill = fill

    def check(self, input_shape: Shape) -> None:
        require_images(self, input_shape)
        if self.size >= 2 * max(input_shape[:2]):
            raise ValueError(f"size {self.size} cuts out all of an image {input_shape[:2]}, wherever the square is")

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        count, shape = len(x), x.shape[1:3]
        centres = generator.integers(0, shape, (count, self.holes, 2))
        cut = rectangle_mask(centres - self.size // 2, self.size, shape).any(axis=1)
        cut &= bernoulli(self.p, count, generator)[:, None, None]
        np.copyto(x, self.fill, where=cut[..., None])
        return x, target
