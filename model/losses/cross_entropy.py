"""Cross-entropy on logits."""

import numpy as np

from base.base_loss import BaseLoss
from base.types import Array, Shape


class CrossEntropyLoss(BaseLoss):
    """L = -(1/N) sum_n log softmax(z_n)[t_n], for logits z (N, C) and class indices t (N,).

    The softmax is part of the loss: with p = softmax(z), dL/dz = (p - onehot(t)) / N, exact and stable for logits of
    any size because the largest is subtracted first.
    """

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        if classes is None:
            raise ValueError("CrossEntropyLoss needs class labels, but the data has targets of another kind")
        if output_shape != (classes,):
            raise ValueError(
                f"the network's output has shape {output_shape}, but CrossEntropyLoss needs one logit for each of the "
                f"{classes} classes: ({classes},)"
            )

    def normaliser(self, target: Array) -> float:
        return float(len(target))

    def forward(self, output: Array, target: Array, normaliser: float) -> float:
        self._normaliser = normaliser
        self._true = np.arange(0, output.size, output.shape[1]) + target
        shifted = output - output.max(axis=1, keepdims=True)
        true_logits = shifted.ravel()[self._true]
        self._exp = np.exp(shifted, out=shifted)
        self._sum = self._exp.sum(axis=1, keepdims=True)
        return float(np.sum(np.log(self._sum[:, 0]) - true_logits, dtype=np.float64)) / normaliser

    def backward(self) -> Array:
        grad = np.divide(self._exp, self._sum)
        grad.ravel()[self._true] -= 1
        grad /= self._normaliser
        return grad
