"""Squared error."""

from typing import Literal

import numpy as np

from base.base_loss import BaseLoss
from base.types import Array, Shape
from model.targets import as_numbers, by_sample, check_numbers


class MSELoss(BaseLoss):
    """L = mean over samples and outputs of (y - t)^2; dL/dy = 2 (y - t) / (N D) with D numbers a sample, as in PyTorch.

    Class indices are taken as one-hot targets where there is an output for each class, and as 0 and 1 where there is a
    single output for two classes.

    reduction: "mean", or "half_sum" for L = 1/(2N) sum (y - t)^2, whose gradient is (y - t) / N.
    softmax: whether y is the softmax of the network's output, through which the gradient then goes.
    """

    def __init__(self, reduction: Literal["mean", "half_sum"] = "mean", softmax: bool = False) -> None:
        self.reduction = reduction
        self.softmax = softmax
        if softmax:
            self.outputs = "logits"

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        check_numbers("MSELoss", output_shape, target_shape, classes)
        if self.softmax and output_shape == (1,):
            raise ValueError("MSELoss with softmax needs more than one output, as the softmax of one is always 1")

    def forward(
        self, output: Array, target: Array, loss_denominator: float, sample_weight: Array | None = None
    ) -> float:
        self._numbers = self.ops.softmax(output, np.empty(output.shape, output.dtype)) if self.softmax else output
        self._difference = self._numbers - as_numbers(target, output)
        self._scale = (0.5 if self.reduction == "half_sum" else len(output) / output.size) / loss_denominator
        self._sample_weight = sample_weight
        return self.ops.total(by_sample(np.square(self._difference), sample_weight)) * self._scale

    def backward(self) -> Array:
        grad = by_sample(self._difference * (2 * self._scale), self._sample_weight)
        if not self.softmax:
            return grad
        return self.ops.softmax_gradient(self._numbers, grad, np.empty(grad.shape, grad.dtype))
