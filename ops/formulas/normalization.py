"""Batch and layer normalisation, forward and backward."""

import numpy as np

from base.types import Array
from ops.formulas.sums import sum_over_samples


class Normalizations:
    """Batch and layer normalisation, forward and backward. `inverse` is 1 / sqrt(variance + eps).

    Batch normalisation takes x (N, positions, C), and arrays (C,) of a number for each channel. Sums run over samples
    first and then over positions, as one long chain of additions would lose digits in float32.
    """

    def mean_and_variance(self, x: Array, mean: Array, variance: Array) -> None:
        """Mean and biased variance over samples and positions; E[x^2] - mean^2 would lose digits."""
        np.mean(np.mean(x, axis=0), axis=0, out=mean)
        (mean,) = _at_places(x, mean)
        np.mean(np.mean((x - mean) ** 2, axis=0), axis=0, out=variance)

    def batch_norm(self, x: Array, mean: Array, inverse: Array, weight: Array, bias: Array, out: Array) -> Array:
        """y = x_hat * weight + bias, with x_hat = (x - mean) * inverse."""
        mean, scale, bias = _at_places(x, mean, inverse * weight, bias)
        centred = np.subtract(x, mean, out=out)
        return np.add(np.multiply(centred, scale, out=out), bias, out=out)

    def batch_norm_weight_gradient(
        self, x: Array, dy: Array, mean: Array, inverse: Array, weight_grad: Array, bias_grad: Array
    ) -> None:
        """dL/dweight = the sum of dL/dy * x_hat over samples and positions, dL/dbias = that of dL/dy."""
        (mean,) = _at_places(x, mean)
        np.multiply(np.sum(np.sum(dy * (x - mean), axis=0), axis=0), inverse, out=weight_grad)
        sum_over_samples(dy, bias_grad)

    def batch_norm_input_gradient(
        self,
        x: Array,
        dy: Array,
        mean: Array,
        inverse: Array,
        weight: Array,
        weight_grad: Array,
        bias_grad: Array,
        out: Array,
    ) -> Array:
        """dL/dx = weight * inverse * (dL/dy - mean(dL/dy) - x_hat * mean(dL/dy * x_hat)), by batch statistics."""
        count = x.dtype.type(len(x) * x.shape[1])
        mean, scale, slope = _at_places(x, mean, weight * inverse, inverse * weight_grad / count)
        (mean_dy,) = _at_places(x, bias_grad / count)
        centred = np.subtract(x, mean, out=out)
        return np.multiply(scale, dy - mean_dy - np.multiply(centred, slope, out=out), out=out)

    def scale_channels(self, x: Array, factor: Array, out: Array) -> Array:
        """y = x * factor, for x (N, positions, C), and factor (N, C) or, for all samples alike, (1, C)."""
        return np.multiply(x, factor[:, None], out=out)

    def layer_norm(
        self, x: Array, eps: float, weight: Array, bias: Array, mean: Array, inverse: Array, out: Array
    ) -> Array:
        """y = x_hat * weight + bias, with x_hat = (x - mean) * inverse, and mean and inverse of each row (N, C)."""
        np.mean(x, axis=1, out=mean)
        centred = np.subtract(x, mean[:, None], out=out)
        np.divide(1, np.sqrt(np.mean(centred**2, axis=1) + eps), out=inverse)
        x_hat = np.multiply(centred, inverse[:, None], out=out)
        return np.add(np.multiply(x_hat, weight, out=out), bias, out=out)

    def layer_norm_gradient(
        self,
        x: Array,
        dy: Array,
        mean: Array,
        inverse: Array,
        weight: Array,
        weight_grad: Array,
        bias_grad: Array,
        out: Array,
    ) -> Array:
        """dL/dx = inverse * (g - mean(g) - x_hat * mean(g * x_hat)), with g = weight * dL/dy and means over each row.

        dL/dweight = the sum of dL/dy * x_hat over rows, dL/dbias = that of dL/dy.
        """
        x_hat = (x - mean[:, None]) * inverse[:, None]
        np.sum(dy * x_hat, axis=0, out=weight_grad)
        sum_over_samples(dy, bias_grad)
        g = weight * dy
        of_g, of_both = np.mean(g, axis=1, keepdims=True), np.mean(g * x_hat, axis=1, keepdims=True)
        return np.multiply(g - of_g - x_hat * of_both, inverse[:, None], out=out)


def _at_places(x: Array, *channels: Array) -> list[Array]:
    """Arrays (C,) repeated for the positions of x (N, positions, C): NumPy is slow where the last axis is short."""
    return [np.tile(numbers, (x.shape[1], 1)) for numbers in channels]
