"""Enlarged and reduced images."""

import numpy as np

from base.constraints import Positive
from data_loader.random_draws import Probability, interval, uniform
from data_loader.resampling.affine import AffineMaps, AffineResampling


class RandomScale(AffineResampling):
    """Zoom in or out about the centre of the image, by the same factor in both directions.

    scale: the factors, as [low, high].
    """

    def __init__(self, scale: tuple[Positive, Positive], p: Probability = 1.0, fill: float = 0.0) -> None:
        super().__init__(p, fill)
        self.scale = interval("scale", scale)

    def draw(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> AffineMaps:
        return AffineMaps(scale=uniform(self.scale, count, generator))
