"""Negative log-likelihood."""

import numpy as np

from base.base_loss import BaseLoss
from base.constraints import Positive
from base.errors import UserError
from base.types import Array, Shape
from model.class_weights import ClassWeights


class NLLLoss(BaseLoss):
    """L = -(1/W) sum_n sum_c q_nc y_nc for log-probabilities y (N, C); dL/dy = -q / W. As in PyTorch.

    q is one-hot for class indices, or the probabilities (N, C) that are given, times the weights; W is N, or for class
    indices with weights the sum of the samples' weights.

    weight: a weight for each class (null: 1).
    """

    outputs = "log_probabilities"

    def __init__(self, weight: list[Positive] | None = None) -> None:
        self.weight = weight
        self._weights = ClassWeights(weight)

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        self._weights.check("NLLLoss", output_shape, classes)

    def loss_denominator(self, target: Array) -> float:
        return self._weights.loss_denominator(target)

    def forward(self, output: Array, target: Array, loss_denominator: float) -> float:
        largest = output.max(initial=0.0)
        if largest > 1e-3:  # a sum that was rounded may exceed 0
            raise UserError(
                f"loss: NLLLoss takes log-probabilities, which are never above 0, but the network's output holds "
                f"{largest:.4g}; end the network with LogSoftmax, or use CrossEntropyLoss for logits"
            )
        self._shares, self._denominator = self._weights.of(target, output), loss_denominator
        return -self.ops.total(self._shares * output) / loss_denominator

    def backward(self) -> Array:
        return np.asarray(self._shares / -self._denominator)
