"""Class labels as they come in files, and as the indices that losses take."""

from collections.abc import Sequence

import numpy as np

from base.errors import DataError
from base.types import Array


def known_labels(targets: Array, classes: Sequence[str] | None, where: str) -> list[str]:
    """The labels in the order of their class index: those that occur, numbers by size, or those that `classes` names.

    Where `classes` is given, numbers are positions in it. Raises DataError for targets that are no labels.

    >>> known_labels(np.array([10, 9, 10]), None, "y"), known_labels(np.array(["b", "a"]), None, "y")
    (['9', '10'], ['a', 'b'])
    """
    found = _texts(np.unique(targets), where)
    if classes is not None:
        return list(classes) if targets.dtype.kind == "U" else [str(number) for number in range(len(classes))]
    return sorted(found, key=int) if all(map(_is_whole, found)) else found


def class_indices(targets: Array, labels: Sequence[str], where: str) -> Array:
    """The position of each target in the labels. Raises DataError, naming it, for one that is not there."""
    distinct, inverse = np.unique(targets, return_inverse=True)
    positions = {label: index for index, label in enumerate(labels)}
    texts = _texts(distinct, where)
    unknown = next((text for text in texts if text not in positions), None)
    if unknown is not None:
        some = ", ".join(labels[:10]) + (", ..." if len(labels) > 10 else "")
        raise DataError(f"{where}: label {unknown!r} is none of the {len(labels)} classes {some}")
    return np.array([positions[text] for text in texts], np.int64)[inverse]


def _texts(distinct: Array, where: str) -> list[str]:
    if distinct.dtype.kind == "f":
        if not np.array_equal(distinct, np.floor(distinct)) or np.isinf(distinct).any():
            raise DataError(
                f"{where}: class labels must be whole numbers or texts; for numbers to predict set task to 'regression'"
            )
        distinct = distinct.astype(np.int64)
    if distinct.dtype.kind not in "iubU":
        raise DataError(f"{where}: class labels must be whole numbers or texts, found {distinct.dtype}")
    texts = [str(value) for value in distinct.astype(int if distinct.dtype.kind == "b" else distinct.dtype).tolist()]
    if "" in texts:
        raise DataError(f"{where}: a label is empty; remove its sample")
    return texts


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
