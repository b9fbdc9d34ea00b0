"""Class weights and label smoothing of losses."""

import math
from collections.abc import Sequence

import numpy as np

from base.types import Array, Shape
from model.targets import check_classes, one_hot


class ClassWeights:
    """Turns targets into q (N, C), for losses of the form -sum q log p: q_nc = w_c ((1 - s) t_nc + s / C).

    t is the target's distribution, one-hot for class indices, s the share of label smoothing, w the classes' weights.
    """

    def __init__(self, weight: Sequence[float] | None, label_smoothing: float = 0.0) -> None:
        self._weight = None if weight is None else np.asarray(weight, np.float64)
        self._smoothing = label_smoothing

    @property
    def are_one(self) -> bool:
        """True if q is t."""
        return self._weight is None and self._smoothing == 0

    def check(self, name: str, output_shape: Shape, classes: int | None) -> None:
        """Raise ValueError where there is not an output, and a weight if there are any, for each class."""
        check_classes(name, output_shape, classes)
        if self._weight is not None and len(self._weight) != classes:
            raise ValueError(f"{name} has {len(self._weight)} numbers in weight, but there are {classes} classes")

    def loss_denominator(self, target: Array) -> float:
        """The sum of the weights of class indices (N,); N for probabilities (N, C), as in PyTorch."""
        if self._weight is None or target.ndim > 1:
            return float(len(target))
        counts = np.bincount(target, minlength=len(self._weight))
        return math.fsum(counts * self._weight)

    def of(self, target: Array, output: Array) -> Array:
        """q, of the shape and type of the outputs (N, C); `target` holds class indices (N,) or probabilities (N, C)."""
        classes = output.shape[1]
        soft_targets = (
            one_hot(target, classes, output.dtype) if target.ndim == 1 else target.astype(output.dtype, copy=False)
        )
        if self._smoothing:
            soft_targets = soft_targets * (1 - self._smoothing) + self._smoothing / classes
        return soft_targets if self._weight is None else soft_targets * self._weight.astype(output.dtype)
