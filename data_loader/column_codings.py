"""The coding of a table's columns, taken from training samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from base.dataset import Dataset, TableColumn
from base.preprocessing import ColumnCoding, texts_of
from base.types import Array

Categories = Literal["one_hot", "ordinal"] | list[str]
Fill = Literal["mean", "median"] | float | str


def fit_columns(
    training: Dataset,
    categories: Literal["one_hot", "ordinal"] | Mapping[str, Categories] | None,
    missing: Fill | Mapping[str, Fill] | None,
) -> list[ColumnCoding]:
    """The coding of each column: how texts are read, and what fills gaps. Raises ValueError."""
    columns = training.columns or ()
    for setting in (categories, missing):
        unknown = set(setting if isinstance(setting, Mapping) else ()) - {column.name for column in columns}
        if unknown:
            raise ValueError(f"categories and missing name {min(unknown)!r}, which is no input column of the table")
    rows = training.inputs.reshape(len(training.inputs), -1)
    codings = []
    for at, column in enumerate(columns):
        kind = categories.get(column.name) if isinstance(categories, Mapping) else categories if column.texts else None
        fill = missing.get(column.name) if isinstance(missing, Mapping) else missing
        is_plain = kind is None and fill is None  # as thousands of columns may be: their cells are not looked at
        codings.append(ColumnCoding(column.name) if is_plain else _coding(column, rows[training.rows, at], kind, fill))
    return codings


def _coding(column: TableColumn, cells: Array, kind: Categories | None, fill: Fill | None) -> ColumnCoding:
    if kind is None:
        return ColumnCoding(column.name, _number(column, cells, fill) if column.texts is None else None)
    found = [text for text in texts_of(cells, column)[0] if text]
    listed = kind if isinstance(kind, list) else found
    text = fill if fill is None else "" if fill in ("mean", "median") else str(fill)
    if text and text not in listed:
        listed = [*listed, text]
    return ColumnCoding(column.name, text, tuple(listed), kind == "one_hot")


def _number(column: TableColumn, cells: Array, fill: Fill | None) -> float | None:
    """The number that fills the gaps of a column of numbers."""
    if fill is None:
        return None
    known = cells[~np.isnan(cells)] if cells.dtype.kind == "f" else cells
    if fill not in ("mean", "median"):
        try:
            return float(fill)
        except ValueError:
            raise ValueError(f"missing fills column {column.name!r}, which holds numbers, with {fill!r}") from None
    if not len(known):
        raise ValueError(f"column {column.name!r} is empty in all training samples, so it has no {fill}")
    ordered = np.sort(known).astype(np.float64)
    if fill == "median":
        return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)
    return float(np.add.accumulate(ordered)[-1] / len(ordered))
