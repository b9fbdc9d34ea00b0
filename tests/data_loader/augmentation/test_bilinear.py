"""Images are read between their pixels as SciPy reads them."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from base.types import Array
from data_loader.augmentation.bilinear import sampled

FILL = 0.3


def images(dtype: str) -> Array:
    return np.random.default_rng(1).standard_normal((4, 9, 6, 3)).astype(dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-13)])
def test_every_place_within_and_beyond_the_edge_is_read_as_scipy_reads_it(dtype: str, tolerance: float) -> None:
    x = images(dtype)
    places = np.random.default_rng(2).uniform(-3, 12, (4, 2, 54)).astype(dtype)
    found = sampled(x, places, FILL)
    assert found.dtype == x.dtype
    for image, place, result in zip(x, places, found, strict=True):
        for channel in range(3):
            plane = image[..., channel].astype("float64")
            wanted = map_coordinates(plane, place.astype("float64"), order=1, mode="grid-constant", cval=FILL)
            np.testing.assert_allclose(result[..., channel].ravel(), wanted, rtol=0, atol=tolerance)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_at_whole_places_the_pixels_themselves_are_read_and_fill_beyond(dtype: str) -> None:
    x = images(dtype)
    rows, columns = np.indices((9, 6)).reshape(2, -1)
    here = np.repeat(np.stack([rows, columns])[None], 4, axis=0).astype(dtype)
    np.testing.assert_array_equal(sampled(x, here, FILL), x)
    shifted = sampled(x, here + np.array([[2], [-1]], dtype), FILL)
    np.testing.assert_array_equal(shifted[:, :7, 1:], x[:, 2:, :-1])
    assert (shifted[:, 7:] == np.asarray(FILL, dtype)).all()
    assert (shifted[:, :, 0] == np.asarray(FILL, dtype)).all()


@pytest.mark.parametrize("far", [-1e9, 1e9])
def test_places_far_beyond_the_edge_are_fill(far: float) -> None:
    assert (sampled(images("float32"), np.full((4, 2, 54), far, "float32"), 0.5) == 0.5).all()
