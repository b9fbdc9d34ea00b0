"""Affine maps do what their formula says, to every image of a batch."""

import numpy as np
import pytest
from scipy.ndimage import affine_transform

from base.types import Array
from data_loader.resampling.affine import AffineMaps, AffineResampling

ANGLES, SCALES = np.array([0, 25, -130.0, 90]), np.array([1, 1.3, 0.7, 1])
SHEARS_X, SHEARS_Y = np.array([0, 12, -30.0, 0]), np.array([0, -8, 20.0, 5])
RIGHT, DOWN = np.array([0, 1.5, -2, 0.25]), np.array([0, -0.5, 3, 1])
MAPS = AffineMaps(ANGLES, SCALES, SHEARS_X, SHEARS_Y, RIGHT, DOWN)


class Given(AffineResampling):
    """The four maps above, over and over, however many are drawn at a time."""

    begun = 0

    def draw(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> AffineMaps:
        which = np.arange(self.begun, self.begun + count) % 4
        self.begun += count
        return AffineMaps(*(np.asarray(field)[which] for field in vars(MAPS).values()))


def forward(angle: float, scale: float, shear_x: float, shear_y: float) -> Array:
    """The map's matrix on (x, y), factor by factor."""
    turn, lean, tilt = np.radians([angle, shear_x, shear_y])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return scale * rotation @ [[1, 0], [-np.tan(tilt), 1]] @ [[1, -np.tan(lean)], [0, 1]]


def test_the_inverse_undoes_the_factors_of_the_formula() -> None:
    for found, *fields in zip(MAPS.inverse(4), ANGLES, SCALES, SHEARS_X, SHEARS_Y, strict=True):
        np.testing.assert_allclose(found[::-1, ::-1] @ forward(*fields), np.eye(2), atol=1e-14)


def test_one_number_stands_for_all_images() -> None:
    np.testing.assert_array_equal(AffineMaps(angle=5).inverse(3), AffineMaps(angle=np.full(3, 5.0)).inverse(3))
    np.testing.assert_array_equal(AffineMaps(right=2).sources(3, (5, 4))[..., 2], [[0.0, -2.0]] * 3)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-12)])
@pytest.mark.parametrize(("mode", "fill"), [("grid-constant", 0.2), ("constant", 0.0)])
def test_batches_larger_than_a_piece_are_as_scipy_makes_them(
    dtype: str, tolerance: float, mode: str, fill: float
) -> None:
    x = np.random.default_rng(3).random((100, 28, 25, 1)).astype(dtype)
    if mode == "constant":  # scipy does not interpolate to the outside there, so the edge must be like the outside
        x[:, [0, -1]] = x[:, :, [0, -1]] = 0
    assert x.size > 2**16
    found = Given(1.0, fill).apply(x.copy(), np.empty(0), np.random.default_rng(0))[0]
    centre = (np.array([28, 25]) - 1) / 2
    for index, (image, result) in enumerate(zip(x[..., 0], found[..., 0], strict=True)):
        place = index % 4
        back = np.linalg.inv(forward(ANGLES[place], SCALES[place], SHEARS_X[place], SHEARS_Y[place]))[::-1, ::-1]
        offset = centre - back @ (centre + np.array([DOWN[place], RIGHT[place]]))
        wanted = affine_transform(image.astype("float64"), back, offset, order=1, mode=mode, cval=fill)
        np.testing.assert_allclose(result, wanted, rtol=0, atol=tolerance)
