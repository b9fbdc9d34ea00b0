"""Images deformed as if drawn on rubber."""

from functools import lru_cache
from math import fsum, prod

import numpy as np

from base.constraints import NonNegative, Positive
from base.exact_math import exp
from base.types import Array
from data_loader.random_draws import Probability
from data_loader.resampling.resampling import Resampling


class ElasticDeformation(Resampling):
    """Each pixel is moved by alpha G u along either axis: uniform noise u in [-1, 1], smoothed by a Gaussian G.

    Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
    analysis", ICDAR 2003. The noise has 256 levels; beyond the edge it is 0, as in scipy's gaussian_filter with mode
    "constant". Moves have a standard deviation of about alpha / (6 sigma) pixels, 1.4 as it stands, which suits digits
    of 28 x 28. Where a resampling that follows is made in the same pass, u is drawn for the pixels of the last result.

    alpha: the strength, in pixels.
    sigma: the standard deviation of the Gaussian, in pixels: how far apart pixels are that still move together.
    """

    def __init__(
        self, alpha: NonNegative = 34.0, sigma: Positive = 4.0, p: Probability = 1.0, fill: float = 0.0
    ) -> None:
        super().__init__(p, fill)
        self.alpha = alpha
        self.sigma = sigma

    def drawn(self, count: int, size: tuple[int, int], generator: np.random.Generator) -> Array:
        shape = (count, 2, *size)
        return np.frombuffer(generator.bytes(prod(shape)), np.uint8).reshape(shape)

    def find(self, places: Array, size: tuple[int, int], drawn: Array, out: Array) -> None:
        noise = np.subtract(drawn, 127.5, dtype=places.dtype).reshape(-1, *size)
        down, across = (_gaussian(length, self.sigma, places.dtype) for length in size)
        self.ops.smooth(noise, down, across, out.reshape(noise.shape))
        out *= self.alpha / 127.5
        out += places


@lru_cache(maxsize=16)
def _gaussian(size: int, sigma: float, dtype: np.dtype) -> Array:
    """The matrix (size, size) that smooths along an axis, symmetric; a product with it is faster than a filter."""
    reach = size + int(8 * sigma)
    weights = exp(-0.5 * np.square(np.arange(-reach, reach + 1) / sigma))
    weights /= fsum(weights)
    apart = np.subtract.outer(np.arange(size), np.arange(size))
    matrix: Array = weights[reach + apart].astype(dtype)
    matrix.flags.writeable = False
    return matrix
