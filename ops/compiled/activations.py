"""Functions of each number by itself, and their derivatives, compiled."""

import math

from base.types import Array
from ops.compiled import elementary
from ops.compiled.arrays import whole, written
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.vector import fma
from ops.formulas.activations import Activations

_DENSITY = 1 / math.sqrt(2 * math.pi)
_SLOPE = 2 * math.sqrt(2 / math.pi)
_CUBIC = 0.044715 * _SLOPE
_BOUND = 40.0  # beyond, GELU's gate is 0 or 1 and no longer rises; powers of numbers within overflow nowhere


class CompiledActivations(Activations):
    """Functions of each number by itself, and their derivatives."""

    def exp(self, x: Array, out: Array) -> Array:
        _exp(_flat(x), written(out).reshape(-1))
        return out

    def log(self, x: Array, out: Array) -> Array:
        _log(_flat(x), written(out).reshape(-1))
        return out

    def log1p(self, x: Array, out: Array) -> Array:
        _log1p(_flat(x), written(out).reshape(-1))
        return out

    def softplus(self, x: Array, out: Array) -> Array:
        _softplus(_flat(x), written(out).reshape(-1))
        return out

    def relu(self, x: Array, out: Array) -> Array:
        _relu(_flat(x), written(out).reshape(-1))
        return out

    def relu_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        _relu_gradient(_flat(y), _flat(dy), written(out).reshape(-1))
        return out

    def leaky_relu(self, x: Array, slope: float, out: Array) -> Array:
        _leaky_relu(_flat(x), _flat(x), float(slope), written(out).reshape(-1))
        return out

    def leaky_relu_gradient(self, y: Array, dy: Array, slope: float, out: Array) -> Array:
        _leaky_relu(_flat(y), _flat(dy), float(slope), written(out).reshape(-1))
        return out

    def sigmoid(self, x: Array, out: Array) -> Array:
        _sigmoid(_flat(x), written(out).reshape(-1))
        return out

    def sigmoid_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        _sigmoid_gradient(_flat(y), _flat(dy), written(out).reshape(-1))
        return out

    def tanh(self, x: Array, out: Array) -> Array:
        _tanh(_flat(x), written(out).reshape(-1))
        return out

    def tanh_gradient(self, y: Array, dy: Array, out: Array) -> Array:
        _tanh_gradient(_flat(y), _flat(dy), written(out).reshape(-1))
        return out

    def silu(self, x: Array, out: Array) -> Array:
        _silu(_flat(x), written(out).reshape(-1))
        return out

    def silu_gradient(self, x: Array, dy: Array, out: Array) -> Array:
        _silu_gradient(_flat(x), _flat(dy), written(out).reshape(-1))
        return out

    def gelu(self, x: Array, approximate: str, out: Array) -> Array:
        (_gelu_tanh if approximate == "tanh" else _gelu)(_flat(x), written(out).reshape(-1))
        return out

    def gelu_gradient(self, x: Array, dy: Array, approximate: str, out: Array) -> Array:
        (_gelu_tanh_gradient if approximate == "tanh" else _gelu_gradient)(
            _flat(x), _flat(dy), written(out).reshape(-1)
        )
        return out


def _flat(array: Array) -> Array:
    """All numbers in a row."""
    return whole(array).reshape(-1)


@kernel
def _exp(x, out):
    for i in range(x.size):
        out[i] = elementary.exp(x[i])


@kernel
def _log(x, out):
    for i in range(x.size):
        out[i] = elementary.log(x[i])


@kernel
def _log1p(x, out):
    for i in range(x.size):
        out[i] = elementary.log1p(x[i])


@kernel
def _softplus(x, out):
    for i in range(x.size):
        out[i] = elementary.softplus(x[i])


@kernel
def _sigmoid(x, out):
    for i in range(x.size):
        out[i] = elementary.sigmoid(x[i])


@kernel
def _tanh(x, out):
    for i in range(x.size):
        out[i] = elementary.tanh(x[i])


@kernel
def _relu(x, out):
    zero = x.dtype.type(0)
    for i in range(x.size):
        out[i] = zero if x[i] < zero else x[i]


@kernel
def _relu_gradient(y, dy, out):
    zero = y.dtype.type(0)
    for i in range(y.size):
        out[i] = dy[i] if y[i] > zero else zero


@kernel
def _leaky_relu(sign, x, slope, out):
    """x where the sign is above 0, else slope x."""
    zero, below = x.dtype.type(0), x.dtype.type(slope)
    for i in range(x.size):
        out[i] = x[i] if sign[i] > zero else below * x[i]


@kernel
def _sigmoid_gradient(y, dy, out):
    one = y.dtype.type(1)
    for i in range(y.size):
        out[i] = y[i] * (one - y[i]) * dy[i]


@kernel
def _tanh_gradient(y, dy, out):
    one = y.dtype.type(1)
    for i in range(y.size):
        out[i] = fma(-y[i], y[i], one) * dy[i]


@kernel
def _silu(x, out):
    for i in range(x.size):
        out[i] = x[i] * elementary.sigmoid(x[i])


@kernel
def _silu_gradient(x, dy, out):
    one = x.dtype.type(1)
    for i in range(x.size):
        g = elementary.sigmoid(x[i])
        out[i] = fma(x[i], g * (one - g), g) * dy[i]


@kernel
def _gelu(x, out):
    for i in range(x.size):
        out[i] = x[i] * elementary.normal(x[i])[0]


@kernel
def _gelu_gradient(x, dy, out):
    bound, scale = x.dtype.type(_BOUND), x.dtype.type(_DENSITY)
    for i in range(x.size):
        probability, bell = elementary.normal(x[i])
        out[i] = fma(_bounded(x[i], bound), bell * scale, probability) * dy[i]


@kernel
def _gelu_tanh(x, out):
    bound, slope, cubic = x.dtype.type(_BOUND), x.dtype.type(_SLOPE), x.dtype.type(_CUBIC)
    for i in range(x.size):
        near = _bounded(x[i], bound)
        out[i] = x[i] * elementary.sigmoid(near * fma(cubic * near, near, slope))


@kernel
def _gelu_tanh_gradient(x, dy, out):
    bound, slope, cubic = x.dtype.type(_BOUND), x.dtype.type(_SLOPE), x.dtype.type(_CUBIC)
    one, three = x.dtype.type(1), x.dtype.type(3)
    for i in range(x.size):
        near = _bounded(x[i], bound)
        g = elementary.sigmoid(near * fma(cubic * near, near, slope))
        out[i] = fma(near, g * (one - g) * fma(three * cubic * near, near, slope), g) * dy[i]


@subroutine
def _bounded(x, bound):
    return bound if x > bound else (-bound if x < -bound else x)
