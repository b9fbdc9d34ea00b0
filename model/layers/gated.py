"""Gated activations: x times a smooth gate between 0 and 1."""

from typing import Literal

from base.types import Array
from model.layers.activations import Elementwise


class SiLU(Elementwise):
    """y = x / (1 + exp(-x)), also called swish. Elfwing, Uchibe and Doya, Neural Networks 107, 2018."""

    from_output = False

    def activate(self, x: Array, out: Array) -> Array:
        return self.ops.silu(x, out)

    def differentiate(self, x: Array, dy: Array, out: Array) -> Array:
        return self.ops.silu_gradient(x, dy, out)


class GELU(Elementwise):
    """y = x P(Z <= x) for a standard normal Z. Hendrycks and Gimpel, arXiv:1606.08415, 2016.

    With "tanh", P is taken as (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.

    approximate: "none" for the normal distribution itself, or "tanh".
    """

    from_output = False

    def __init__(self, approximate: Literal["none", "tanh"] = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def activate(self, x: Array, out: Array) -> Array:
        return self.ops.gelu(x, self.approximate, out)

    def differentiate(self, x: Array, dy: Array, out: Array) -> Array:
        return self.ops.gelu_gradient(x, dy, self.approximate, out)
