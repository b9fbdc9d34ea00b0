"""Targets in the form that a loss or a metric compares with: classes, or numbers of the outputs' shape."""

import numpy as np

from base.types import Array, Shape


def one_hot(target: Array, classes: int, dtype: np.dtype) -> Array:
    """Class indices (N,) as rows (N, C) with a 1 at the class and 0 elsewhere.

    >>> one_hot(np.array([2, 0]), 3, np.dtype(int)).tolist()
    [[0, 0, 1], [1, 0, 0]]
    """
    return np.equal(target[:, None], np.arange(classes)).astype(dtype)


def true_classes(target: Array) -> Array:
    """Class indices (N,): as they are, or the most probable of each row (N, C)."""
    return target if target.ndim == 1 else np.asarray(target.argmax(axis=1))


def as_numbers(target: Array, output: Array) -> Array:
    """Targets of the shape and type of the outputs.

    Numbers as they are. Class indices (N,) one-hot where there is an output for each class; where there is a single
    output, as the number 0 or 1 that it should be, or the probability of class 1 if probabilities (N, 2) are given.
    """
    if target.ndim == 1 and output.ndim == 2:
        if output.shape[1] > 1:
            return one_hot(target, output.shape[1], output.dtype)
        target = target[:, None]
    elif target.shape[1:] == (2,) and output.shape[1:] == (1,):
        target = target[:, 1:]
    return target.astype(output.dtype, copy=False)


def check_numbers(name: str, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
    """Raise ValueError where `as_numbers` has no targets of the shape of the outputs (shapes of one sample)."""
    fitting = [target_shape or (1,)] if classes is None else [(classes,)] + [(1,)] * (classes == 2)
    if output_shape not in fitting:
        expected = "the targets have" if classes is None else f"{classes} classes need"
        raise ValueError(
            f"the network's output has shape {output_shape}, but for {name} {expected} "
            f"{' or '.join(map(str, fitting))}; {_advice(output_shape)}"
        )


def check_classes(name: str, output_shape: Shape, classes: int | None) -> None:
    """Raise ValueError where outputs are not one for each of the classes (shape of one sample)."""
    if classes is None:
        raise ValueError(f"{name} needs class labels, but the data has targets of another kind")
    if output_shape != (classes,):
        raise ValueError(
            f"the network's output has shape {output_shape}, but {name} needs an output for each of the "
            f"{classes} classes: ({classes},); {_advice(output_shape)}"
        )


def _advice(output_shape: Shape) -> str:
    if len(output_shape) == 3:
        return "an image becomes one row of numbers by a Flatten (or GlobalAvgPool2D) before the Linear layers"
    return "change the outputs of the last layer"
