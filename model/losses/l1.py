"""Absolute error."""

import numpy as np

from base.types import Array
from model.pointwise_loss import PointwiseLoss


class L1Loss(PointwiseLoss):
    """L = mean over samples and outputs of |y - t|; dL/dy = sign(y - t) / (N D), 0 where y = t. As in PyTorch."""

    def values(self, output: Array, target: Array) -> Array:
        return np.asarray(np.abs(output - target))

    def derivative(self, output: Array, target: Array) -> Array:
        return np.asarray(np.sign(output - target))
