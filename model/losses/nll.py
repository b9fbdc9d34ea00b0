"""Negative log-likelihood."""

from typing import Literal

import numpy as np

from base.constraints import Positive
from base.errors import UserError
from base.types import Array
from model.weighted_loss import WeightedLoss


class NLLLoss(WeightedLoss):
    """L = -(1/W) sum_n sum_c q_nc y_nc for log-probabilities y (N, C); dL/dy = -q / W. As in PyTorch.

    q is one-hot for class indices, or the probabilities (N, C) that are given, times the weights; W is N, or for class
    indices with weights the sum of the samples' weights. Where q is 0, a y of -inf adds nothing.

    weight: a weight for each class, or "balanced" for N / (C n) with n of N training samples in one of C classes, so
        that rare classes count as much as common ones (null: 1).
    """

    outputs = "log_probabilities"

    def __init__(self, weight: list[Positive] | Literal["balanced"] | None = None) -> None:
        super().__init__(weight)

    def forward(
        self, output: Array, target: Array, loss_denominator: float, sample_weight: Array | None = None
    ) -> float:
        largest = output.max(initial=0.0)
        if largest > 1e-3:  # a sum that was rounded may exceed 0
            raise UserError(
                f"loss: NLLLoss takes log-probabilities, which are never above 0, but the network's output holds "
                f"{largest:.4g}; end the network with LogSoftmax, or use CrossEntropyLoss for logits"
            )
        self._shares, self._denominator = self.soft_targets(target, output, sample_weight), loss_denominator
        products = np.multiply(self._shares, output, out=np.zeros_like(output), where=self._shares != 0)
        return -self.ops.total(products) / loss_denominator

    def backward(self) -> Array:
        return np.asarray(self._shares / -self._denominator)
