"""Rows of a CSV file, read block by block, and their cells as inputs."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from base.dataset import TableColumn
from base.errors import DataError
from base.preprocessing import ColumnCoding
from base.types import Array
from data_loader.table_format import TableFormat, find_format, is_number, undecodable
from data_loader.tables import GAPS
from data_loader.unlabelled.blocks import TableBlock

_CELLS = 2**17  # of a block: texts take fifty bytes each


def table_format(path: Path, encoding: str, delimiter: str | None, header: bool | None, decimal: str) -> TableFormat:
    """The form of a table; without knowing (None), a first line that is all numbers is no header. Raises DataError."""
    try:
        found = find_format(path, encoding, delimiter, bool(header), decimal, can_choose=False)
        if header is None:
            _, first = next(found.rows())
            if not all(is_number(cell.strip()) for cell in first):
                found = find_format(path, encoding, delimiter, True, decimal, can_choose=False)
        return found
    except UnicodeError as error:
        raise undecodable(path, encoding, can_choose=False) from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    except csv.Error as error:
        raise DataError(f"{path}: cannot be read as CSV: {error}") from error


def table_blocks(form: TableFormat, decimal: str, most: int, fail: Callable[[str], None]) -> Iterator[TableBlock]:
    """The rows of a table; `fail` is told of those that have more or fewer cells than the header.

    A table without rows gives an empty block, so that its columns are looked at all the same.
    """
    width = len(form.names)
    rows, step = form.rows(), max(1, min(most, _CELLS // width))
    first = next(rows, None)
    if first is None:
        yield TableBlock(str(form.path), form.names, form.line > 0, decimal, [], [()] * width)
        return
    rows = itertools.chain([first], rows)
    try:
        while chunk := list(itertools.islice(rows, step)):
            for line, row in chunk:
                if len(row) != width:
                    fail(f"{form.path}: line {line} has {len(row)} columns, the header {width}")
            whole = [(line, row) for line, row in chunk if len(row) == width]
            if whole:
                columns = list(zip(*(row for _, row in whole), strict=True))
                yield TableBlock(
                    str(form.path), form.names, form.line > 0, decimal, [line for line, _ in whole], columns
                )
    except UnicodeError as error:
        raise undecodable(form.path, form.encoding, can_choose=False) from error
    except (OSError, csv.Error) as error:
        raise DataError(f"{form.path}: cannot be read as CSV: {error}") from error


def code_cells(
    block: TableBlock, codings: Sequence[ColumnCoding] | None, features: int
) -> tuple[Array, tuple[TableColumn, ...], dict[int, str]]:
    """Columns (rows, columns) as a table of training samples gives them, and what is wrong with a row, by row.

    Without codings all columns are numbers, in their order. Raises DataError where columns are missing.
    """
    places = _places(block, codings, features)
    codings = codings or [ColumnCoding(block.names[place]) for place in places]
    wrong: dict[int, str] = {}
    values, columns = np.empty((len(block), len(places))), []
    for at, (place, coding) in enumerate(zip(places, codings, strict=True)):
        texts = list(map(str.strip, block.columns[place]))
        as_column = _numbers if coding.categories is None else _categories
        values[:, at], column, odd = as_column(texts, coding, block.decimal)
        columns.append(column)
        for row, told in odd.items():
            wrong.setdefault(row, f"{block.path}: {block.unit} {block.lines[row]}, column {coding.name!r}: {told}")
    return values, tuple(columns), wrong


def _places(block: TableBlock, codings: Sequence[ColumnCoding] | None, features: int) -> list[int]:
    names = list(block.names)
    in_order = codings is None or (not block.has_header and len(names) == len(codings))  # without that of the labels
    if in_order:
        count = features if codings is None else len(codings)
        if len(names) != count:
            raise DataError(
                f"{block.path}: has {len(names)} columns, the network takes {count}, without that of labels"
            )
        return list(range(count))
    lost = [coding.name for coding in codings or () if coding.name not in names]
    if lost:
        raise DataError(
            f"{block.path}: has no column {lost[0]!r}, which was trained on; it has {', '.join(filter(None, names))}"
        )
    return [names.index(coding.name) for coding in codings or ()]


def _numbers(texts: Sequence[str], coding: ColumnCoding, decimal: str) -> tuple[Array, TableColumn, dict[int, str]]:
    plain = texts if decimal == "." else [text.replace(decimal, ".") for text in texts]
    odd: dict[int, str] = {}
    try:
        values = np.array(list(map(float, plain)))
        if any("_" in text for text in plain):
            raise ValueError
    except ValueError:
        values = np.array([float(text) if is_number(text) else np.nan for text in plain])
        odd = {
            row: f"expected a number, got {texts[row]!r}"
            for row, text in enumerate(plain)
            if text not in GAPS and not is_number(text)
        }
    for row in np.flatnonzero(~np.isfinite(values)).tolist():
        if np.isinf(values[row]):
            odd[row] = "expected a finite number, got an infinity"
        elif coding.fill is None:
            odd.setdefault(row, f"expected a number, got {texts[row]!r}" if texts[row] else "the cell is empty")
    gap = "a cell is empty" if coding.fill is not None and np.isnan(values).any() else ""
    return values, TableColumn(coding.name, first_gap=gap), odd


def _categories(texts: Sequence[str], coding: ColumnCoding, _: str) -> tuple[Array, TableColumn, dict[int, str]]:
    known = {*(coding.categories or ()), ""}
    named = {text: text if text in known or not is_number(text) else _plain_number(text) for text in set(texts)}
    distinct = sorted({*named.values()} - {""})
    position = {text: float(place) for place, text in enumerate(distinct)} | {"": np.nan}
    values = np.array([position[named[text]] for text in texts])
    odd = {row: "the cell is empty" for row, text in enumerate(texts) if not text} if coding.fill is None else {}
    gap = "a cell is empty" if coding.fill is not None and "" in named else ""
    return values, TableColumn(coding.name, tuple(distinct), first_gap=gap), odd


def _plain_number(text: str) -> str:
    """A number as categories of a column of numbers are written: 2.0 is 2."""
    value = float(text)
    return f"{int(value)}" if np.isfinite(value) and value == int(value) else repr(value)
