"""Accuracy, top-k accuracy and error rate."""

import numpy as np

from base.constraints import PositiveInt
from base.errors import UserError
from base.types import Array
from model.targets import as_numbers, check_binary, labelled_classes


def accuracy(output: Array, target: Array) -> Array:
    """1 where the largest output, the first of equals, is that of the target's class, else 0.

    Of target probabilities (N, C) the largest counts. Raises UserError for a single output, and ValueError for targets
    that are no classes.

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1])).tolist()
    [True, False]
    """
    _check_outputs("accuracy", output)
    return np.asarray(output.argmax(axis=1) == labelled_classes(target, output))


def top_k_accuracy(output: Array, target: Array, k: PositiveInt = 3) -> Array:
    """1 where fewer than k outputs are larger than that of the target's class, else 0; 0 where that is nan.

    Of target probabilities (N, C) the largest counts. Raises UserError for a single output, and for as many guesses as
    outputs, of which one is always right; ValueError for targets that are no classes.

    k: how many guesses count, fewer than there are classes.
    """
    _check_outputs("top_k_accuracy", output)
    classes = output.shape[1]
    if k >= classes:
        raise UserError(
            f"metrics: top_k_accuracy with k {k} is always 1 for {classes} classes; give it a k of at most "
            f'{classes - 1}, as {{"type": "top_k_accuracy", "args": {{"k": {classes - 1}}}}}, or leave it out'
        )
    own = output[np.arange(len(output)), labelled_classes(target, output)]
    return np.asarray(((output > own[:, None]).sum(axis=1) < k) & ~np.isnan(own))


def binary_accuracy(output: Array, target: Array, threshold: float = 0.5) -> Array:
    """The share of a sample's outputs that are on the side of the threshold on which their targets, 0 and 1, are.

    Targets may be -1 and 1 too; of class indices the one-hot targets count where there is an output for each class.
    Raises ValueError for other numbers.

    threshold: above it an output says 1; 0.5 suits probabilities, 0 logits and margins.

    >>> binary_accuracy(np.array([[0.7], [0.6]]), np.array([1, 0])).tolist()
    [1.0, 0.0]
    """
    check_binary(target)
    right = (output > threshold) == (as_numbers(target, output) > 0.5)
    return np.asarray(right.reshape(len(output), -1).mean(axis=1))


def _check_outputs(name: str, output: Array) -> None:
    if output.shape[1] == 1:
        raise UserError(f"metrics: {name} needs an output for each class; of a single output use binary_accuracy")
