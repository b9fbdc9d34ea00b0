"""Class indices, seen to be of the classes there are."""

import numpy as np

from base.types import Array


def class_indices(targets: Array, classes: int) -> Array:
    """The targets (N,) as int64. Raises IndexError for one that is not from 0 to classes - 1, or not whole by type.

    >>> class_indices(np.array([2, 0], np.uint8), 3).tolist()
    [2, 0]
    """
    if targets.dtype.kind not in "iub":
        raise IndexError(f"class indices are whole numbers by type, got {targets.dtype}")
    if targets.size:
        low, high = int(targets.min()), int(targets.max())
        if low < 0 or high >= classes:
            strange = low if low < 0 else high
            raise IndexError(f"Target {strange} is out of bounds for {classes} classes, 0 to {classes - 1}")
    return targets.astype(np.int64, copy=False)


def row_classes(targets: Array, z: Array) -> Array:
    """The class index of each row of z (N, C), as int64. Raises IndexError for one that is none, or not one a row."""
    if targets.shape != z.shape[:1]:
        raise IndexError(f"expected a target for each of {len(z)} rows, got targets of shape {targets.shape}")
    return class_indices(targets, z.shape[1])
