"""Cross-entropy of classes."""

import numpy as np

from base.base_loss import BaseLoss
from base.constraints import Fraction, Positive
from base.types import Array, Shape
from model.class_weights import ClassWeights
from model.probabilities import SMALLEST, check_probabilities


class CrossEntropyLoss(BaseLoss):
    """L = -(1/W) sum_n sum_c q_nc log softmax(z_n)_c for logits z (N, C), as in PyTorch.

    Targets are class indices t (N,), and then q is one-hot, or probabilities (N, C), and then q is those. The softmax
    is part of the loss: with p = softmax(z), dL/dz = (p - q) / W, exact and stable for logits of any size because the
    largest is subtracted first. W is N, or for class indices with weights the sum of the samples' weights.

    label_smoothing: the share s of q that is spread evenly, q = (1 - s) q + s / C (Szegedy et al., CVPR 2016).
    weight: a weight for each class, by which its q is multiplied (null: 1).
    from_logits: whether the softmax is part of the loss; false for a network that ends with Softmax.
    """

    def __init__(
        self, label_smoothing: Fraction = 0.0, weight: list[Positive] | None = None, from_logits: bool = True
    ) -> None:
        self.label_smoothing = label_smoothing
        self.weight = weight
        self.from_logits = from_logits
        self.outputs = "logits" if from_logits else "probabilities"
        self._weights = ClassWeights(weight, label_smoothing)

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        self._weights.check("CrossEntropyLoss", output_shape, classes)

    def loss_denominator(self, target: Array) -> float:
        return self._weights.loss_denominator(target)

    def forward(self, output: Array, target: Array, loss_denominator: float) -> float:
        self._grad = np.empty(output.shape, output.dtype)
        if not self.from_logits:
            return self._of_probabilities(output, self._weights.of(target, output), loss_denominator)
        if self._weights.are_one and target.ndim == 1:
            return self.ops.cross_entropy(output, target, loss_denominator, self._grad)
        return self.ops.soft_cross_entropy(output, self._weights.of(target, output), loss_denominator, self._grad)

    def backward(self) -> Array:
        return self._grad

    def _of_probabilities(self, p: Array, q: Array, loss_denominator: float) -> float:
        """dL/dp = -q / (p W), with p cut off at 1e-30 from below: finite, and never 0 for a class that counts."""
        check_probabilities("CrossEntropyLoss with from_logits false", p, "set from_logits to true for logits")
        clipped = np.maximum(p, SMALLEST)
        np.divide(q, clipped * -loss_denominator, out=self._grad)
        return -self.ops.total(q * self.ops.log(clipped, np.empty(clipped.shape, clipped.dtype))) / loss_denominator
