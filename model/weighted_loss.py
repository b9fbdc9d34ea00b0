"""Losses whose classes have weights."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from base.base_loss import BaseLoss
from base.types import Array, Shape
from model.targets import are_indices, by_sample, check_classes, one_hot, true_classes


class WeightedLoss(BaseLoss):
    """A loss of the form -(1/W) sum_n sum_c q_nc log p_nc with q_nc = w_c ((1 - s) t_nc + s / C).

    t is the target's distribution, one-hot for class indices, s the share of label smoothing, w the classes' weights.
    W is N, or for class indices with weights the sum of the samples' weights, as in PyTorch.
    """

    label_smoothing: float = 0.0

    def __init__(self, weight: Sequence[float] | Literal["balanced"] | None) -> None:
        self.weight = weight

    @property
    def class_weights(self) -> Array | None:
        """w (C,), null where all are 1. Raises ValueError where they are to be balanced and cannot be."""
        if self.weight == "balanced":
            return balanced_weights(type(self).__name__, self.class_counts, self.class_names)
        return None if self.weight is None else np.asarray(self.weight, np.float64)

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        name = type(self).__name__
        check_classes(name, output_shape, classes)
        weights = self.class_weights
        if weights is not None and len(weights) != classes:
            raise ValueError(f"{name} has {len(weights)} numbers in weight, but there are {classes} classes")

    def loss_denominator(self, target: Array, sample_weight: Array | None = None) -> float:
        weights = self.class_weights
        if weights is None or not are_indices(target):
            return super().loss_denominator(target, sample_weight)
        counts = np.bincount(true_classes(target, len(weights)), sample_weight, minlength=len(weights))
        return math.fsum(counts * weights)

    def soft_targets(self, target: Array, output: Array, sample_weight: Array | None = None) -> Array:
        """q, of the shape and type of the outputs (N, C); `target` holds class indices (N,) or probabilities (N, C).

        Of samples that have weights each row is multiplied by its sample's.
        Raises IndexError for other indices, ValueError for probabilities of another shape.
        """
        classes, weights = output.shape[1], self.class_weights
        if are_indices(target):
            q = one_hot(target.reshape(len(target)), classes, output.dtype)
        elif target.shape == output.shape:
            q = target.astype(output.dtype, copy=False)
        else:
            raise ValueError(f"targets of shape {target.shape} are no probabilities for outputs of {output.shape}")
        if self.label_smoothing:
            q = q * (1 - self.label_smoothing) + self.label_smoothing / classes
        return by_sample(q if weights is None else q * weights.astype(output.dtype), sample_weight)


def balanced_weights(name: str, counts: Array | None, names: Sequence[str] = ()) -> Array:
    """w_c = N / (C n_c) for n_c of N samples in class c of C, as scikit-learn's class_weight="balanced".

    Raises ValueError, naming the loss, without counts, and for a class without samples.

    >>> balanced_weights("NLLLoss", np.array([3, 1])).tolist()
    [0.6666666666666666, 2.0]
    """
    if counts is None:
        raise ValueError(
            f'{name} with weight "balanced" needs the number of training samples of each class, but has no class_counts'
        )
    empty = np.flatnonzero(counts == 0)
    if len(empty):
        which = names[empty[0]] if len(names) else f"{empty[0]}, counted from 0,"
        raise ValueError(
            f'{name} with weight "balanced" needs training samples of every class, but class {which} has none; take it '
            "out of the data, let the training part be larger or stratified, or give weights as numbers"
        )
    return np.asarray(counts.sum() / (len(counts) * counts))
