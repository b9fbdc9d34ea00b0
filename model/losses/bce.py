"""Cross-entropy of yes and no."""

import numpy as np

from base.constraints import Positive
from base.types import Array
from model.pointwise_loss import PointwiseLoss
from model.probabilities import check_probabilities

LOWEST_LOG = -100.0  # these two as in PyTorch
VARIANCE_OF_CERTAINTY = 1e-12


class BCEWithLogitsLoss(PointwiseLoss):
    """L = mean of -(w t log p + (1 - t) log(1 - p)) with p = 1 / (1 + exp(-y)), for logits y; as in PyTorch.

    Computed as (1 - t) y + (1 + (w - 1) t) log(1 + exp(-y)), which overflows nowhere. The derivative by y is
    ((1 - t) p - w t (1 - p)) / (N D), with p and 1 - p each computed by itself, so that neither loses digits near 0.
    Targets are 0 and 1, or probabilities.

    pos_weight: w, how much a 1 counts; above 1 where ones are rare.
    """

    outputs = "logits"

    def __init__(self, pos_weight: Positive = 1.0) -> None:
        self.pos_weight = pos_weight

    def values(self, output: Array, target: Array) -> Array:
        values = self.ops.softplus(-output, np.empty(output.shape, output.dtype))
        values *= 1 + (self.pos_weight - 1) * target
        values += (1 - target) * output
        return values

    def derivative(self, output: Array, target: Array) -> Array:
        power = self.ops.exp(-np.abs(output), np.empty(output.shape, output.dtype))
        larger = 1 / (1 + power)
        smaller = power * larger
        positive = output > 0
        derivative = (1 - target) * np.where(positive, larger, smaller)
        derivative -= self.pos_weight * target * np.where(positive, smaller, larger)
        return np.asarray(derivative)


class BCELoss(PointwiseLoss):
    """L = mean of -(t log y + (1 - t) log(1 - y)) for probabilities y, as in PyTorch; targets are 0 and 1, or between.

    Logarithms are cut off at -100, and dL/dy = (y - t) / (y (1 - y)) / (N D), with 1e-12 for y (1 - y) where y is 0 or
    1, so that numbers are finite. PyTorch has 1e-12 for all that is smaller, and the gradient of a logit below -28 or
    so vanishes; here it is y - t as far as y is above 0. BCEWithLogitsLoss, without a Sigmoid before it, needs no such
    care. Raises UserError for outputs that are no probabilities.
    """

    outputs = "probabilities"

    def values(self, output: Array, target: Array) -> Array:
        check_probabilities("BCELoss", output, "end the network with Sigmoid, or use BCEWithLogitsLoss")
        yes = self.ops.log(output, np.empty(output.shape, output.dtype))
        no = self.ops.log1p(-np.minimum(output, 1), np.empty(output.shape, output.dtype))
        yes, no = np.maximum(yes, LOWEST_LOG), np.maximum(no, LOWEST_LOG)
        return np.asarray((target - 1) * no - target * yes)

    def derivative(self, output: Array, target: Array) -> Array:
        variance = output * (1 - output)
        variance[variance == 0] = VARIANCE_OF_CERTAINTY
        return np.asarray((output - target) / np.maximum(variance, np.finfo(output.dtype).tiny))
