"""Cross-entropy of classes."""

from typing import Literal

import numpy as np

from base.constraints import Fraction, Positive
from base.types import Array
from model.probabilities import SMALLEST, check_probabilities
from model.weighted_loss import WeightedLoss


class CrossEntropyLoss(WeightedLoss):
    """L = -(1/W) sum_n sum_c q_nc log softmax(z_n)_c for logits z (N, C), as in PyTorch.

    Targets are class indices t (N,), and then q is one-hot, or probabilities (N, C), and then q is those. The softmax
    is part of the loss: with p = softmax(z), dL/dz = (p - q) / W, exact and stable for logits of any size because the
    largest is subtracted first. W is N, or for class indices with weights the sum of the samples' weights.

    label_smoothing: the share s of q that is spread evenly, q = (1 - s) q + s / C (Szegedy et al., CVPR 2016).
    weight: a weight for each class, by which its q is multiplied, or "balanced" for N / (C n) with n of N training
        samples in one of C classes, so that rare classes count as much as common ones (null: 1).
    from_logits: whether the softmax is part of the loss; false for a network that ends with Softmax.
    """

    def __init__(
        self,
        label_smoothing: Fraction = 0.0,
        weight: list[Positive] | Literal["balanced"] | None = None,
        from_logits: bool = True,
    ) -> None:
        super().__init__(weight)
        self.label_smoothing = label_smoothing
        self.from_logits = from_logits
        self.outputs = "logits" if from_logits else "probabilities"

    def forward(
        self, output: Array, target: Array, loss_denominator: float, sample_weight: Array | None = None
    ) -> float:
        self._grad = np.empty(output.shape, output.dtype)
        plain = self.weight is None and not self.label_smoothing and target.ndim == 1 and sample_weight is None
        if plain and self.from_logits:
            return self.ops.cross_entropy(output, target, loss_denominator, self._grad)
        q = self.soft_targets(target, output, sample_weight)
        if self.from_logits:
            return self.ops.soft_cross_entropy(output, q, loss_denominator, self._grad)
        return self._of_probabilities(output, q, loss_denominator)

    def backward(self) -> Array:
        return self._grad

    def _of_probabilities(self, p: Array, q: Array, loss_denominator: float) -> float:
        """dL/dp = -q / (p W), with p cut off at 1e-30 from below: finite, and never 0 for a class that counts."""
        check_probabilities("CrossEntropyLoss with from_logits false", p, "set from_logits to true for logits")
        clipped = np.maximum(p, SMALLEST)
        np.divide(q, clipped * -loss_denominator, out=self._grad)
        return -self.ops.total(q * self.ops.log(clipped, np.empty(clipped.shape, clipped.dtype))) / loss_denominator
