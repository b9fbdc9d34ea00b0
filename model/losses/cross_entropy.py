"""Cross-entropy of classes."""

from base.base_loss import BaseLoss
from base.constraints import Fraction, Positive
from base.types import Array, Shape
from model.losses.class_weights import ClassWeights
from model.losses.entropy import IndexEntropy, LogitEntropy, ProbabilityEntropy


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
        self._of_indices = IndexEntropy()
        self._of_shares = LogitEntropy() if from_logits else ProbabilityEntropy()
        self._last: IndexEntropy | LogitEntropy | ProbabilityEntropy = self._of_indices

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        self._weights.check("CrossEntropyLoss", output_shape, classes)

    def normaliser(self, target: Array) -> float:
        return self._weights.normaliser(target)

    def forward(self, output: Array, target: Array, normaliser: float) -> float:
        if self.from_logits and self._weights.are_one and target.ndim == 1:
            self._last = self._of_indices
            return self._of_indices.forward(output, target, normaliser)
        self._last = self._of_shares
        return self._of_shares.forward(output, self._weights.of(target, output), normaliser)

    def backward(self) -> Array:
        return self._last.backward()
