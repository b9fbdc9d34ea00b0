"""The loss of support vector machines."""

from typing import Literal

import numpy as np

from base.base_loss import BaseLoss
from base.constraints import Positive
from base.types import Array, Shape
from model.targets import by_sample, check_classes, true_classes
from ops.class_indices import class_indices


class HingeLoss(BaseLoss):
    """Multi-class or binary hinge loss, for outputs y of which the largest, or the sign of the only one, is the class.

    One output: L = mean of max(0, margin - s y)^p, with s = 1 for targets above 0 and -1 for others, so that labels may
    be 0 and 1 or -1 and 1. An output for each class: with h_c = max(0, margin - y_t + y_c) for all c but the true t,
    L = mean of 1/C sum_c h_c^p, as PyTorch's MultiMarginLoss (Weston and Watkins, 1999), or of the largest h_c^p
    (Crammer and Singer, JMLR 2, 2001). Of target probabilities (N, C) the largest counts.

    margin: how far on the right side is far enough.
    p: 1, or 2 for squared hinges.
    multi_class: what of several classes counts.
    """

    outputs = "margins"

    def __init__(
        self,
        margin: Positive = 1.0,
        p: Literal[1, 2] = 1,
        multi_class: Literal["weston_watkins", "crammer_singer"] = "weston_watkins",
    ) -> None:
        self.margin = margin
        self.p = p
        self.multi_class = multi_class

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        if output_shape != (1,):
            check_classes("HingeLoss", output_shape, classes)
        elif classes not in (None, 2) or target_shape not in ((), (1,)):
            raise ValueError("HingeLoss of a single output needs one target of two values for each sample")

    def forward(
        self, output: Array, target: Array, loss_denominator: float, sample_weight: Array | None = None
    ) -> float:
        self._scale, self._sample_weight = 1 / loss_denominator, sample_weight
        self._true: Array | None = None
        if output.shape[1] == 1:
            self._lacking = self._of_sign(output, target)
        else:
            self._true = true_classes(target, output.shape[1])[:, None]
            self._lacking = self._of_classes(output, self._true)
        lacking = self._lacking if self.p == 1 else np.square(self._lacking)
        return self.ops.total(by_sample(lacking, sample_weight)) * self._scale

    def backward(self) -> Array:
        derivative = self._lacking * 2 if self.p == 2 else (self._lacking > 0).astype(self._lacking.dtype)
        derivative *= self._scale
        derivative = by_sample(derivative, self._sample_weight)
        if self._true is None:
            return np.asarray(derivative * self._minus_sign)
        sums = self.ops.column_sums(np.ascontiguousarray(derivative.T), np.empty(len(derivative), derivative.dtype))
        np.put_along_axis(derivative, self._true, -sums[:, None], axis=1)
        return np.asarray(derivative)

    def _of_sign(self, output: Array, target: Array) -> Array:
        labels = target.argmax(axis=1) if target.shape[1:] == (2,) else target.reshape(len(target))
        if labels.dtype.kind != "f":
            class_indices(np.where(labels == -1, 0, labels), 2)
        self._minus_sign = np.where(labels > 0, -1, 1).astype(output.dtype)[:, None]
        return np.maximum(self.margin + self._minus_sign * output, 0)

    def _of_classes(self, output: Array, true: Array) -> Array:
        lacking = np.maximum(output - np.take_along_axis(output, true, axis=1) + self.margin, 0)
        np.put_along_axis(lacking, true, 0, axis=1)
        if self.multi_class == "weston_watkins":
            self._scale /= output.shape[1]
            return np.asarray(lacking)
        largest = lacking.argmax(axis=1)[:, None] == np.arange(output.shape[1])
        return np.asarray(lacking * largest)
