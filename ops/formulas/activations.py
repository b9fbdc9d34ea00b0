"""Functions of each number by itself, and their derivatives."""

import math

import numpy as np

from base.types import Array

_SLOPE = math.sqrt(2 / math.pi)
_CUBIC = 0.044715 * _SLOPE
_BOUND = 40.0  # beyond, GELU's gate is 0 or 1 and no longer rises; powers of numbers within overflow nowhere


class Activations:
    """Functions of each number by itself, and their derivatives: y and dL/dx have the shape of x, and go to `out`."""

    def exp(self, x: Array, out: Array) -> Array:
        """y = e^x."""
        return np.exp(x, out=out)

    def log(self, x: Array, out: Array) -> Array:
        """y = log(x), the natural logarithm: -inf for 0, nan below."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(x, out=out)

    def log1p(self, x: Array, out: Array) -> Array:
        """y = log(1 + x), also for small x: -inf for -1, nan below."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log1p(x, out=out)

    def softplus(self, x: Array, out: Array) -> Array:
        """y = log(1 + e^x), which overflows nowhere."""
        return np.logaddexp(0, x, out=out)

    def relu(self, x: Array, out: Array) -> Array:
        """y = max(x, 0)."""
        return np.maximum(x, 0, out=out)

    def relu_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        """dL/dx = dL/dy where y > 0, else 0."""
        out[...] = np.where(y > 0, dy, 0)
        return out

    def leaky_relu(self, x: Array, slope: float, out: Array) -> Array:
        """y = x where x > 0, else slope x, for a slope of at least 0."""
        return np.add(np.maximum(x, 0), x.dtype.type(slope) * np.minimum(x, 0), out=out)

    def leaky_relu_gradient(self, y: Array, dy: Array, slope: float, out: Array) -> Array:
        """dL/dx = dL/dy where y > 0, else slope dL/dy."""
        above = y > 0
        return np.multiply(dy, above + y.dtype.type(slope) * ~above, out=out)

    def sigmoid(self, x: Array, out: Array) -> Array:
        """y = 1 / (1 + e^-x), for x below 0 as e^x / (1 + e^x), which overflows nowhere."""
        power = np.exp(-np.abs(x))
        return np.divide(np.where(x < 0, power, 1), 1 + power, out=out)

    def sigmoid_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        """dL/dx = y (1 - y) dL/dy."""
        return np.multiply(y * (1 - y), dy, out=out)

    def tanh(self, x: Array, out: Array) -> Array:
        """y = tanh(x)."""
        return np.tanh(x, out=out)

    def tanh_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        """dL/dx = (1 - y^2) dL/dy."""
        return np.multiply(1 - y * y, dy, out=out)

    def silu(self, x: Array, out: Array) -> Array:
        """y = x g with g = sigmoid(x)."""
        return np.multiply(x, self.sigmoid(x, np.empty_like(x)), out=out)

    def silu_gradient(self, x: Array, dy: Array, out: Array) -> Array:
        """dL/dx = (g + x g (1 - g)) dL/dy with g = sigmoid(x)."""
        g = self.sigmoid(x, np.empty_like(x))
        return np.multiply(g + x * (g * (1 - g)), dy, out=out)

    def gelu(self, x: Array, approximate: str, out: Array) -> Array:
        """y = x P(Z <= x) for a standard normal Z.

        With `approximate` "tanh", P is taken as sigmoid(2 u) = (1 + tanh(u)) / 2, u = sqrt(2 / pi) (x + 0.044715 x^3).
        """
        if approximate == "tanh":
            return np.multiply(x, self._gelu_gate(np.clip(x, -_BOUND, _BOUND)), out=out)
        return np.multiply(x, _normal_cdf(x), out=out)

    def gelu_gradient(self, x: Array, dy: Array, approximate: str, out: Array) -> Array:
        """dL/dx = (P + x p) dL/dy with p = dP/dx: e^(-x^2 / 2) / sqrt(2 pi), or by the tanh 2 P (1 - P) du/dx."""
        bounded = np.clip(x, -_BOUND, _BOUND)
        if approximate == "tanh":
            gate = self._gelu_gate(bounded)
            slope = gate * (1 - gate) * (2 * _SLOPE + 6 * _CUBIC * bounded * bounded)
        else:
            gate = _normal_cdf(x)
            slope = np.exp(-0.5 * bounded * bounded) * (1 / math.sqrt(2 * math.pi))
        return np.multiply(gate + bounded * slope, dy, out=out)

    def _gelu_gate(self, x: Array) -> Array:
        return self.sigmoid(x * (2 * _SLOPE + 2 * _CUBIC * x * x), np.empty_like(x))


def _normal_cdf(x: Array) -> Array:
    """P(Z <= x) for a standard normal Z."""
    from scipy.special import ndtr  # takes half a second, which only those wait for who need it

    return np.asarray(ndtr(x))
