"""Layers of this project."""

import numpy as np
from base.base_layer import BaseLayer
from base.constraints import Positive
from base.types import Array, Shape
from model.initializers.constant import Constant


class Swish(BaseLayer):
    """y = x s(b x) with s(z) = 1 / (1 + exp(-z)), and a trained b for each feature, the last axis of x.

    dL/dx = dL/dy (s + b x s (1 - s)), dL/db = the sum of dL/dy x^2 s (1 - s) over samples. Ramachandran, Zoph and Le,
    "Searching for activation functions", arXiv:1710.05941, 2017.

    beta: what each b is at first.
    """

    def __init__(self, beta: Positive = 1.0) -> None:
        super().__init__()
        self.initial = beta

    def build(self, input_shape: Shape) -> Shape:
        self.beta = self.add_parameter("beta", input_shape[-1:], Constant(self.initial))
        return input_shape

    def forward(self, x: Array) -> Array:
        self._x = x
        self._gate = 0.5 + 0.5 * np.tanh(0.5 * self.beta.value * x)  # is s, and does not overflow
        return x * self._gate

    def backward(self, dy: Array) -> Array:
        slope = self._x * self._gate * (1 - self._gate)
        self.beta.grad[...] = (dy * self._x * slope).reshape(-1, dy.shape[-1]).sum(axis=0)
        return dy * (self._gate + self.beta.value * slope)
