"""Slanted images."""

import numpy as np

from data_loader.random_draws import Probability, ShearAngles, shear_intervals, uniform
from data_loader.resampling.affine import AffineMaps, AffineResampling


class RandomShear(AffineResampling):
    """Each image is sheared about its centre, as by torchvision's RandomAffine with `shear` alone.

    degrees: the angles along x, as [low, high], or along x and y, as [low x, high x, low y, high y]; a number d stands
        for [-d, d]. An angle along x above 0 leans letters to the right.
    """

    def __init__(self, degrees: ShearAngles, p: Probability = 1.0, fill: float = 0.0) -> None:
        super().__init__(p, fill)
        self.along_x, self.along_y = shear_intervals("degrees", degrees)

    def draw(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> AffineMaps:
        along_x, along_y = (uniform(one, count, generator) for one in (self.along_x, self.along_y))
        return AffineMaps(shear_x=along_x, shear_y=along_y)
