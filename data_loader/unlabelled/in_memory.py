"""Samples that a program holds in memory, or names by their paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from base.errors import DataError
from base.types import Array
from data_loader.unlabelled.blocks import ArrayBlock, Block, TableBlock
from data_loader.unlabelled.problems import Problems
from data_loader.unlabelled.sample_reader import SampleReader

_WHERE = "inputs"


def blocks_of(inputs: Any, reader: SampleReader, problems: Problems) -> Iterator[Block]:
    """Blocks of an array, a pandas.DataFrame, a path, or several paths. Raises DataError for anything else."""
    paths = _paths(inputs)
    if paths is not None:
        yield from reader.blocks(paths, problems)
        return
    coded = reader.known.columns
    if "pandas" in sys.modules and isinstance(inputs, sys.modules["pandas"].DataFrame):  # importing it takes long
        names, rows = [str(name) for name in inputs.columns], inputs.to_numpy()
    else:
        names, rows = [coding.name for coding in coded or ()], _array(inputs)
    if rows.ndim == 0:
        found = "a single value" if rows.dtype.kind in "biuf" else type(inputs).__name__
        raise DataError(f"{_WHERE}: expected samples (N, ...), got {found}")
    for start in range(0, len(rows), reader.most):
        part = rows[start : start + reader.most]
        if coded is None or rows.ndim != 2:
            yield ArrayBlock(_WHERE, _WHERE, start, _as_numbers(part))
        else:
            if len(names) != part.shape[1]:
                raise DataError(f"{_WHERE}: expected {len(names)} columns, {', '.join(names)}; got {part.shape[1]}")
            numbers = range(start, start + len(part))
            columns = [_texts(part[:, at]) for at in range(part.shape[1])]
            yield TableBlock(_WHERE, names, True, ".", numbers, columns, "row")


def _paths(inputs: Any) -> Sequence[str] | None:
    if isinstance(inputs, str | os.PathLike):
        return [os.fspath(inputs)]
    if isinstance(inputs, list | tuple) and inputs and all(isinstance(one, str | os.PathLike) for one in inputs):
        return [os.fspath(one) for one in inputs]
    return None


def _array(inputs: Any) -> Array:
    try:
        return np.asarray(inputs)
    except ValueError as error:
        raise DataError(f"{_WHERE}: expected samples (N, ...) that are all of one shape: {error}") from None


def _as_numbers(values: Array) -> Array:
    """Values as numbers, also those of a frame's columns of several types. Raises DataError."""
    if values.dtype.kind in "biuf":
        return values
    try:
        return values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{_WHERE}: expected numbers, found {values.dtype}: {error}") from None


def _texts(cells: Array) -> list[str]:
    """Cells as a CSV file holds them: empty where there is no value."""
    if cells.dtype.kind in "biuf":
        known = ~np.isnan(cells) if cells.dtype.kind == "f" else np.ones(len(cells), bool)
        return [str(cell) if is_known else "" for cell, is_known in zip(cells.tolist(), known.tolist(), strict=True)]
    return ["" if cell is None or cell != cell or str(cell) == "<NA>" else str(cell) for cell in cells.tolist()]
