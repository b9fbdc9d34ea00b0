"""Augmentations that map straight lines to straight lines."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from base.types import Array
from data_loader.augmentation.resampling import Resampling


@dataclass(frozen=True)
class AffineMaps:
    """What becomes of so many images: in this order sheared, scaled and rotated about their centre, and moved.

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
        angle = np.radians(self.angle)
        cos, sin = np.cos(angle) / self.scale, np.sin(angle) / self.scale
        along, up = np.tan(np.radians(self.shear_x)), np.tan(np.radians(self.shear_y))
        back = np.empty((count, 2, 2))
        back[:, 0, 0] = cos + up * sin
        back[:, 0, 1] = up * cos - sin
        back[:, 1, 0] = sin + along * back[:, 0, 0]
        back[:, 1, 1] = cos + along * back[:, 0, 1]
        return back

    def shift(self, count: int) -> Array:
        """By how many rows and columns the centre moves, as (count, 2, 1)."""
        moves = np.empty((count, 2, 1))
        moves[:, 0, 0], moves[:, 1, 0] = self.down, self.right
        return moves


class AffineResampling(Resampling):
    """An affine map, which differs from image to image."""

    @abstractmethod
    def draw(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> AffineMaps:
        """Maps for so many images of this size."""

    def find(self, places: Array, size: tuple[int, int], generator: np.random.Generator, out: Array) -> None:
        count, dtype = len(places), places.dtype
        maps = self.draw(count, size, generator)
        back, centre = maps.inverse(count), (np.array(size)[:, None] - 1) / 2
        offset = centre - back @ (centre + maps.shift(count))
        np.matmul(back.astype(dtype), places, out=out)
        out += offset.astype(dtype)

