"""Class labels as they come in files, and as the indices that losses take."""

from collections.abc import Sequence

import numpy as np

from base.errors import DataError
from base.types import Array

_MOST_FLOAT = 2.0**53  # above it, floats are no longer each whole number


def read_labels(targets: Array, classes: Sequence[str] | None, where: str) -> tuple[Array, list[str], str | None]:
    """Class indices (N,), the names of the classes, and what a user should know of how targets are read.

    Targets are labels (N,) or (N, 1), or one-hot rows (N, C). The classes are those that `classes` names, of which
    numbers are positions; else the labels that occur, numbers by size, or the columns of the rows. Raises DataError
    for targets that are no labels, or none of the classes.

    >>> read_labels(np.array([10, 9, 10]), None, "y")[:2], read_labels(np.array(["b", "a"]), None, "y")[:2]
    ((array([1, 0, 1]), ['9', '10']), (array([1, 0]), ['a', 'b']))
    """
    if targets.ndim == 2 and targets.shape[1] > 1:
        indices, count = _columns_of_ones(targets, where), targets.shape[1]
        if classes is not None and len(classes) != count:
            raise DataError(f"{where}: has rows for {count} classes, but classes names {len(classes)}")
        note = f"{where}: one-hot rows of shape {targets.shape} are read as {count} classes"
        return indices, list(classes or map(str, range(count))), note
    if targets.ndim != 1 and targets.shape[1:] != (1,):
        raise DataError(f"{where}: expected one class label a sample, got shape {targets.shape}")
    if targets.dtype.kind == "U" and not _is_unicode(targets):
        raise DataError(f"{where}: a label is no text of Unicode; the file is damaged")
    distinct, inverse = np.unique(targets.reshape(-1), return_inverse=True)
    texts = _texts(distinct, where)
    if classes is None:
        labels = sorted(texts, key=int) if all(map(_is_whole, texts)) else sorted(texts)
    else:
        labels = list(classes) if targets.dtype.kind == "U" else [str(number) for number in range(len(classes))]
    positions = {label: index for index, label in enumerate(labels)}
    if unknown := [text for text in texts if text not in positions]:
        some = ", ".join(labels[:10]) + (", ..." if len(labels) > 10 else "")
        raise DataError(f"{where}: label {unknown[0]!r} is none of the {len(labels)} classes {some}")
    return np.array([positions[text] for text in texts], np.int64)[inverse], list(classes or labels), None


def _columns_of_ones(targets: Array, where: str) -> Array:
    """The column of the 1 in each row (N, C) that is 0 elsewhere."""
    if targets.dtype.kind in "biuf":
        ones = targets == 1
        one_hot = (ones | (targets == 0)).all(axis=1) & (ones.sum(axis=1) == 1)
        if one_hot.all():
            return ones.argmax(axis=1)
        wrong = f"row {one_hot.argmin()}, counted from 0, is not one-hot, a single 1 among zeros"
    else:
        wrong = f"they are {targets.dtype}"
    raise DataError(f"{where}: expected one class label a sample, got shape {targets.shape}, and {wrong}")


def _texts(distinct: Array, where: str) -> list[str]:
    if distinct.dtype.kind == "f":
        if not (np.abs(distinct) < _MOST_FLOAT).all() or not np.array_equal(distinct, np.floor(distinct)):
            raise DataError(
                f"{where}: class labels must be whole numbers or texts; for numbers to predict set task to 'regression'"
            )
        distinct = distinct.astype(np.int64)
    if distinct.dtype.kind not in "iubU":
        raise DataError(f"{where}: class labels must be whole numbers or texts, found {distinct.dtype}")
    try:
        texts = [
            str(value) for value in distinct.astype(int if distinct.dtype.kind == "b" else distinct.dtype).tolist()
        ]
        "".join(texts).encode()
    except ValueError:
        raise DataError(f"{where}: a label is no text of Unicode; the file is damaged") from None
    if "" in texts:
        raise DataError(f"{where}: a label is empty; remove its sample")
    return texts


def _is_unicode(texts: Array) -> bool:
    """True if all characters are Unicode; NumPy looks at none, and Python fails at those that are not."""
    codes = np.ascontiguousarray(texts, texts.dtype.newbyteorder("=")).view(np.uint32)
    return bool(((codes < 0xD800) | ((codes > 0xDFFF) & (codes < 0x110000))).all())


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
