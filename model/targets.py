"""Targets in the form that a loss or a metric compares with: classes, or numbers of the outputs' shape."""

import numpy as np

from base.types import Array, Shape
from ops.class_indices import class_indices

ROUNDING = 1e-3  # by which probabilities may miss a sum of 1


def one_hot(target: Array, classes: int, dtype: np.dtype) -> Array:
    """Class indices (N,) as rows (N, C) with a 1 at the class and 0 elsewhere. Raises IndexError for other indices.

    >>> one_hot(np.array([2, 0]), 3, np.dtype(int)).tolist()
    [[0, 0, 1], [1, 0, 0]]
    """
    return np.equal(class_indices(target, classes)[:, None], np.arange(classes)).astype(dtype)


def are_indices(target: Array) -> bool:
    """True for class indices (N,), or in a column (N, 1); false for numbers or probabilities of classes."""
    return target.ndim == 1 or (target.shape[1:] == (1,) and target.dtype.kind != "f")


def true_classes(target: Array, classes: int) -> Array:
    """Class indices (N,): as they are, also from a single column (N, 1), or the most probable of each row (N, C).

    Raises IndexError for an index that is none of so many classes.
    """
    if target.shape[1:] in ((), (1,)):
        return class_indices(target.reshape(len(target)), classes)
    return np.asarray(target.argmax(axis=1))


def labelled_classes(target: Array, output: Array) -> Array:
    """Class indices (N,) of targets that may be numbers, which then must say which of two classes, or be probabilities.

    Whole numbers by type are class indices already. Raises ValueError for numbers that are no classes, and IndexError
    for an index for which there is no output; a single output is for two classes.

    >>> labelled_classes(np.array([[1.0], [0.0]]), np.zeros((2, 1))).tolist()
    [1, 0]
    >>> labelled_classes(np.array([[0.1, 0.2, 0.7]]), np.zeros((1, 3))).tolist()
    [2]
    """
    if target.dtype.kind != "f":
        return true_classes(target, max(output.shape[1], 2))
    if target.shape[1:] in ((), (1,)):
        check_binary(target)
        return (target.reshape(len(target)) > 0).astype(np.int64)
    if target.ndim > 2 or (target < 0).any() or not np.allclose(target.sum(axis=1), 1, atol=ROUNDING):
        raise ValueError(
            f"needs classes, but the targets are rows of numbers of shape {target.shape[1:]} that are no probabilities "
            "of classes, as they do not add up to 1; use mean_squared_error or mean_absolute_error"
        )
    return true_classes(target, target.shape[1])


def check_binary(target: Array) -> None:
    """Raise ValueError for numbers, which class indices are not, that do not say yes and no: 0 and 1, or -1 and 1."""
    if target.dtype.kind != "f":
        return
    strange = target[(target != 1) & (target != (-1 if (target == -1).any() else 0))]
    if strange.size:
        raise ValueError(
            f"needs classes, but the targets are numbers, such as {strange[0]:.6g}, that are not all 0 and 1 or all -1 "
            "and 1; use mean_squared_error or mean_absolute_error, or data with class labels"
        )


def as_numbers(target: Array, output: Array) -> Array:
    """Targets of the shape and type of the outputs.

    Numbers as they are. Class indices (N,), or in a column (N, 1), one-hot where there is an output for each class;
    where there is a single output, as the number 0 or 1 that it should be, or the probability of class 1 if
    probabilities (N, 2) are given. Raises IndexError for an index that is none.
    """
    if output.ndim == 2 and target.shape[1:] in ((), (1,)):
        column = target.reshape(len(target))
        if output.shape[1] > 1:
            return one_hot(column, output.shape[1], output.dtype)
        target = (column if target.dtype.kind == "f" else class_indices(column, 2))[:, None]
    elif target.shape[1:] == (2,) and output.shape[1:] == (1,):
        target = target[:, 1:]
    return target.astype(output.dtype, copy=False)


def by_sample(numbers: Array, sample_weight: Array | None) -> Array:
    """Numbers (N, ...), those of each sample times its weight of (N,) where there are weights.

    >>> by_sample(np.ones((2, 3)), np.array([2, 5])).tolist()
    [[2.0, 2.0, 2.0], [5.0, 5.0, 5.0]]
    """
    if sample_weight is None:
        return numbers
    weights = sample_weight.astype(numbers.dtype, copy=False)
    return np.asarray(numbers * weights.reshape(-1, *[1] * (numbers.ndim - 1)))


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
