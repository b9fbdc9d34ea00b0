"""Smooth activations that multiply a number by a gate between 0 and 1."""

import math
from abc import abstractmethod
from typing import Literal

import numpy as np

from base.types import Array
from model.layers.activations import Elementwise
from model.layers.normal import normal_cdf

BOUND = 40.0  # beyond, GELU's gate is exactly 0 or 1; powers of numbers within overflow nowhere
SLOPE = math.sqrt(2 / math.pi)
CUBIC = 0.044715 * SLOPE


class Gated(Elementwise):
    """y = x g(x), dy/dx = g(x) + x g'(x)."""

    def activate(self, x: Array, out: Array) -> None:
        self._x = x
        self._gate = self.scratch("gate", x.shape, x.dtype)
        self.gate(x, self._gate)
        np.multiply(x, self._gate, out=out)

    def differentiate(self, y: Array, grad: Array, out: Array) -> None:
        self.gate_slope(self._gate, out)
        out *= self._x
        out += self._gate
        out *= grad

    @abstractmethod
    def gate(self, x: Array, out: Array) -> None:
        """Write g(x) into `out`."""

    @abstractmethod
    def gate_slope(self, gate: Array, out: Array) -> None:
        """Write g'(x) into `out`, given g(x)."""


class SiLU(Gated):
    """y = x / (1 + exp(-x)), also called swish. Elfwing, Uchibe and Doya, Neural Networks 107, 2018."""

    def gate(self, x: Array, out: Array) -> None:
        np.multiply(x, 0.5, out=out)
        _half_of_one_plus_tanh(out)

    def gate_slope(self, gate: Array, out: Array) -> None:
        np.subtract(1, gate, out=out)
        out *= gate


class GELU(Gated):
    """y = x P(Z <= x) for a standard normal Z. Hendrycks and Gimpel, arXiv:1606.08415, 2016.

    With "tanh", P is taken as (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.

    approximate: "none" for the normal distribution itself, or "tanh".
    """

    def __init__(self, approximate: Literal["none", "tanh"] = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def gate(self, x: Array, out: Array) -> None:
        self._bounded = np.clip(x, -BOUND, BOUND, out=self.scratch("bounded", x.shape, x.dtype))
        if self.approximate == "tanh":
            self._tanh_gate(self._bounded, out)
        else:
            self._bell = self.scratch("bell", x.shape, x.dtype)
            normal_cdf(self._bounded, self._bell, self.scratch("share", x.shape, x.dtype), out)

    def gate_slope(self, gate: Array, out: Array) -> None:
        if self.approximate == "tanh":
            self._tanh_gate_slope(gate, out)
        else:
            np.multiply(self._bell, 1 / math.sqrt(2 * math.pi), out=out)

    def _tanh_gate(self, x: Array, out: Array) -> None:
        np.multiply(x, x, out=out)
        out *= CUBIC
        out += SLOPE
        out *= x
        _half_of_one_plus_tanh(out)

    def _tanh_gate_slope(self, gate: Array, out: Array) -> None:
        np.multiply(self._bounded, self._bounded, out=out)
        out *= 6 * CUBIC
        out += 2 * SLOPE
        out *= gate
        out *= np.subtract(1, gate, out=self.scratch("share", gate.shape, gate.dtype))


def _half_of_one_plus_tanh(out: Array) -> None:
    np.tanh(out, out=out)
    out += 1
    out *= 0.5
