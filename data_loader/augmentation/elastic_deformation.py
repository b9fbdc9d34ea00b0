"""Images deformed as if drawn on rubber."""

from functools import lru_cache

import numpy as np

from base.constraints import NonNegative, Positive
from base.types import Array
from data_loader.augmentation.chance import Probability
from data_loader.augmentation.resampling import Resampling
from data_loader.augmentation.scratch import scratch

_LEVELS = 256  # of the noise: bytes are drawn in a third of the time of floats, and smoothing mixes hundreds of them


class ElasticDeformation(Resampling):
    """Each pixel is moved by alpha G u along either axis: uniform noise u in [-1, 1], smoothed by a Gaussian G.

    Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
    analysis", ICDAR 2003. Beyond the edge the noise is 0, as in scipy's gaussian_filter with mode "constant". Moves
    have a standard deviation of about alpha / (6 sigma) pixels, 1.4 as it stands, which suits digits of 28 x 28.
    Where a resampling that follows is made in the same pass, u is drawn for the pixels of the last result.

    alpha: the strength, in pixels.
    sigma: the standard deviation of the Gaussian, in pixels: how far apart pixels are that still move together.
    """

    def __init__(
        self, alpha: NonNegative = 34.0, sigma: Positive = 4.0, p: Probability = 1.0, fill: float = 0.0
    ) -> None:
        super().__init__(p, fill)
        self.alpha = alpha
        self.sigma = sigma

    def find(self, places: Array, size: tuple[int, int], generator: np.random.Generator, out: Array) -> None:
        shape, dtype = (len(places), 2, *size), places.dtype
        levels = generator.integers(0, _LEVELS, shape, np.uint8)
        noise = np.subtract(levels, (_LEVELS - 1) / 2, out=scratch("noise", shape, dtype), dtype=dtype)
        smooth = np.matmul(noise, _gaussian(size[1], self.sigma, dtype), out=scratch("smooth", shape, dtype))
        np.matmul(_gaussian(size[0], self.sigma, dtype), smooth, out=out.reshape(shape))
        out *= 2 * self.alpha / (_LEVELS - 1)
        out += places


@lru_cache(maxsize=16)
def _gaussian(size: int, sigma: float, dtype: np.dtype) -> Array:
    """The matrix (size, size) that smooths along an axis, symmetric; a product with it is faster than a filter."""
    reach = size + int(8 * sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    apart = np.subtract.outer(np.arange(size), np.arange(size))
    matrix: Array = weights[reach + apart].astype(dtype)
    matrix.flags.writeable = False
    return matrix
