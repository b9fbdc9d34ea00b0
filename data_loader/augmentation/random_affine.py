"""Rotated, moved, scaled and sheared images."""

from typing import Annotated

import numpy as np

from base.constraints import Positive, Range
from data_loader.random_draws import Angles, Interval, Probability, ShearAngles, interval, shear_intervals, uniform
from data_loader.resampling.affine import AffineMaps, AffineResampling

Share = Annotated[float, Range(ge=0, le=1)]


class RandomAffine(AffineResampling):
    """Each image is sheared, scaled and rotated about its centre, and moved, all in one resampling.

    The map is that of torchvision's class of that name, but for moves, which are not rounded to whole pixels.

    degrees: the angles of rotation, clockwise, as [low, high]; a number d stands for [-d, d].
    translate: the largest moves along x and y, as fractions of width and height; null: none.
    scale: the factors of enlargement, as [low, high]; null: 1.
    shear: the angles of shear along x, as [low, high], or along x and y, as [low x, high x, low y, high y]; a number d
        stands for [-d, d]; null: none.
    """

    def __init__(
        self,
        degrees: Angles,
        translate: tuple[Share, Share] | None = None,
        scale: tuple[Positive, Positive] | None = None,
        shear: ShearAngles | None = None,
        p: Probability = 1.0,
        fill: float = 0.0,
    ) -> None:
        super().__init__(p, fill)
        self.degrees = interval("degrees", degrees)
        self.translate: Interval = translate or (0.0, 0.0)
        self.scale = interval("scale", scale or (1.0, 1.0))
        self.shear_x, self.shear_y = shear_intervals("shear", shear or 0.0)

    def draw(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> AffineMaps:
        right, down = self.translate[0] * size[1], self.translate[1] * size[0]
        return AffineMaps(
            angle=uniform(self.degrees, count, generator),
            scale=uniform(self.scale, count, generator),
            shear_x=uniform(self.shear_x, count, generator),
            shear_y=uniform(self.shear_y, count, generator),
            right=uniform((-right, right), count, generator),
            down=uniform((-down, down), count, generator),
        )
