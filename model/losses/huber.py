"""Squared error of small differences, absolute error of large ones."""

import numpy as np

from base.constraints import Positive
from base.types import Array
from model.pointwise_loss import PointwiseLoss


class HuberLoss(PointwiseLoss):
    """L = mean of d^2 / 2 where |d| <= delta, else of delta (|d| - delta / 2), with d = y - t; as in PyTorch.

    dL/dy = clip(d, -delta, delta) / (N D). Huber, "Robust estimation of a location parameter", 1964.

    delta: the difference from which the error grows linearly.
    """

    def __init__(self, delta: Positive = 1.0) -> None:
        self.delta = delta

    def values(self, output: Array, target: Array) -> Array:
        difference = output - target
        clipped = np.clip(difference, -self.delta, self.delta)
        return np.asarray(clipped * (difference - 0.5 * clipped))

    def derivative(self, output: Array, target: Array) -> Array:
        return np.asarray(np.clip(output - target, -self.delta, self.delta))
