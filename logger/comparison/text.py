"""Tables of runs as text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from logger.comparison.differences import Differences
from logger.comparison.table import Column

_GAP = "  "
_MOST_ROWS = 30  # of differences
_WIDTHS = (28, 20, 15, 12)  # of a run's column: the widest that fits
_LONGEST_KEY = 36


def lines_table(columns: Sequence[Column], width: int) -> str:
    """A line for each run. Columns that do not fit are left out, and named below."""
    shown = list(columns)
    while _width(shown) > width and any(column.rank for column in shown):
        shown.remove(max(shown, key=lambda column: column.rank))
    shown = _narrowed(shown, width)
    rows = [[column.title for column in shown], *_rows(shown)]
    sides = [column.is_number for column in shown]
    left_out = [column.full_title or column.title for column in columns if column.title not in {c.title for c in shown}]
    note = textwrap.fill(f"not shown in {width} columns: {', '.join(left_out)}", width) if left_out else ""
    return f"{_aligned(rows, sides)}\n{note}".rstrip()


def columns_table(facts: Sequence[Column], differing: Differences, width: int) -> str | None:
    """A column for each run: what came of it, then what differs in its config. None where that does not fit."""
    names, *others = ([column.title, *_marked(column)] for column in facts)
    keys = [[_cut_left(key, _LONGEST_KEY), *values] for key, values in list(differing.items())[:_MOST_ROWS]]
    for widest in _WIDTHS:
        cut = [[row[0], *(_cut(cell, widest) for cell in row[1:])] for row in [*others, *keys]]
        cut = [[_cut_left(cell, widest) for cell in names], *cut]
        lines = _aligned(cut, [False] * len(cut[0])).splitlines()
        if max(map(len, lines)) <= width:
            more = len(differing) - len(keys)
            return "\n".join([
                *lines[: len(facts)], *([""] if keys else []), *lines[len(facts) :],
                *([f"... and {more} more"] if more else []),
            ])  # fmt: skip
    return None


def _rows(columns: Sequence[Column]) -> list[list[str]]:
    return [list(row) for row in zip(*(_marked(column) for column in columns), strict=True)]


def _marked(column: Column) -> list[str]:
    if not column.best:
        return column.cells
    return [f"{cell}{'*' if place in column.best else ' '}" for place, cell in enumerate(column.cells)]


def _narrowed(columns: list[Column], width: int) -> list[Column]:
    """Columns whose longest texts are cut, as far as that helps: the ends of runs' names tell them apart."""
    excess = _width(columns) - width
    if excess <= 0:
        return columns
    widest = max((column for column in columns if not column.is_number), key=_column_width)
    room = max(12, _column_width(widest) - excess)
    cells = [_cut_left(cell, room) for cell in widest.cells]
    return [Column(column.title, cells, column.rank) if column is widest else column for column in columns]


def _column_width(column: Column) -> int:
    return max(map(len, [column.title, *_marked(column)]))


def _width(columns: Sequence[Column]) -> int:
    return sum(map(_column_width, columns)) + len(_GAP) * (len(columns) - 1)


def _aligned(rows: Sequence[Sequence[str]], to_the_right: Sequence[bool]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    formats = [f"{'>' if right else '<'}{width}" for width, right in zip(widths, to_the_right, strict=True)]
    return "\n".join(_GAP.join(map(format, row, formats)).rstrip() for row in rows)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _cut_left(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"…{text[1 - longest :]}"
