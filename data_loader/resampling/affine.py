"""Augmentations that map straight lines to straight lines."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from base.exact_math import cos, radians, sin
from base.types import Array
from data_loader.resampling.resampling import BaseResampling


@dataclass(frozen=True)
class AffineMaps:
    """Affine maps, one for each image: shear, scale, and rotation about the centre, then translation.

    With q = (x, y) from the centre to the right and down, in pixels:
    q' = R(angle) scale [[1, 0], [-tan shear_y, 1]] [[1, -tan shear_x], [0, 1]] q + (right, down).
    Angles are in degrees, clockwise; each field is a number, or an array of one for each image.
    """

    angle: Array | float = 0.0
    scale: Array | float = 1.0
    shear_x: Array | float = 0.0
    shear_y: Array | float = 0.0
    right: Array | float = 0.0
    down: Array | float = 0.0

    def inverse(self, count: int) -> Array:
        """The matrices (count, 2, 2) of the inverse map, on (row, column) from the centre."""
        angles = [np.broadcast_to(one, count) for one in (self.angle, self.shear_x, self.shear_y)]
        turned = radians(np.array(angles, np.float64))
        cosines, sines = cos(turned), sin(turned)
        (along, up), cosine, sine = sines[1:] / cosines[1:], cosines[0] / self.scale, sines[0] / self.scale
        back = np.empty((count, 2, 2))
        back[:, 0, 0] = cosine + up * sine
        back[:, 0, 1] = up * cosine - sine
        back[:, 1, 0] = sine + along * back[:, 0, 0]
        back[:, 1, 1] = cosine + along * back[:, 0, 1]
        return back

    def sources(self, count: int, size: tuple[int, int]) -> Array:
        """The maps (count, 2, 3) from a row and column of the result to those in the image: x -> A x + b, as (A b)."""
        row, column = ((length - 1) / 2 for length in size)
        maps = np.empty((count, 2, 3))
        maps[..., :2] = back = self.inverse(count)
        maps[:, 0, 2] = row - (back[:, 0, 0] * (row + self.down) + back[:, 0, 1] * (column + self.right))
        maps[:, 1, 2] = column - (back[:, 1, 0] * (row + self.down) + back[:, 1, 1] * (column + self.right))
        return maps


class AffineResampling(BaseResampling):
    """An affine map, which differs from image to image."""

    @abstractmethod
    def draw(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> AffineMaps:
        """Maps for so many images of this size."""

    def drawn(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> Array:
        return self.draw(count, size, generator).sources(count, size)

    def find(self, places: Array, size: tuple[int, int], drawn: Array, out: Array) -> None:
        self.ops.affine(places, drawn.astype(places.dtype), out)
