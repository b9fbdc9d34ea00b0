"""Rotated images."""

import numpy as np

from data_loader.random_draws import Angles, Probability, interval, uniform
from data_loader.resampling.affine import AffineMaps, AffineResampling


class RandomRotation(AffineResampling):
    """Each image is rotated about its centre, as torchvision's class of that name does.

    degrees: the angles, counter-clockwise, as [low, high]; a number d stands for [-d, d].
    """

    def __init__(self, degrees: Angles, p: Probability = 1.0, fill: float = 0.0) -> None:
        super().__init__(p, fill)
        self.degrees = interval("degrees", degrees)

    def draw(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> AffineMaps:
        return AffineMaps(angle=-uniform(self.degrees, count, generator))
