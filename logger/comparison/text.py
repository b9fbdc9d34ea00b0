"""Tables of runs as text."""

from __future__ import annotations

from collections.abc import Sequence

from logger.comparison.differences import Differences
from logger.comparison.table import Column
from utils.folding import fold, padded, text_width

_GAP, _BETWEEN = "  ", " _/-.,"  # columns, words
_MOST_ROWS = 30  # of differences
_WIDTHS = (28, 20, 15, 12)  # of a run's column: the widest that fits
_LONGEST_KEY = 36
_MOST_NAMED = 12
_NARROWEST = 12  # of a column of texts


def lines_table(columns: Sequence[Column], width: int) -> str:
    """A line for each run. Columns that do not fit are left out, and named below."""
    fitting = _fitting(columns, width)
    shown = _narrowed([columns[place] for place in sorted(fitting)], width)
    rows = [[column.title for column in shown], *_rows(shown)]
    sides = [column.is_number for column in shown]
    left_out = [column.full_title or column.title for place, column in enumerate(columns) if place not in fitting]
    return "\n".join([_aligned(rows, sides), *_note(left_out, width)])


def columns_table(facts: Sequence[Column], differing: Differences, width: int) -> str | None:
    """A column for each run: what came of it, then what differs in its config. None where that does not fit."""
    names, *others = ([column.title, *_marked(column)] for column in facts)
    keys = [[_cut_left(key, _LONGEST_KEY), *values] for key, values in list(differing.items())[:_MOST_ROWS]]
    for widest in _WIDTHS:
        cut = [[row[0], *(_cut(cell, widest) for cell in row[1:])] for row in [*others, *keys]]
        cut = [[_cut_left(cell, widest) for cell in names], *cut]
        lines = _aligned(cut, [False] * len(cut[0])).splitlines()
        if max(map(text_width, lines)) <= width:
            more = len(differing) - len(keys)
            return "\n".join([
                *lines[: len(facts)], *([""] if keys else []), *lines[len(facts) :],
                *([f"... and {more} more"] if more else []),
            ])  # fmt: skip
    return None


def _fitting(columns: Sequence[Column], width: int) -> set[int]:
    """The places of the columns of rank 0, and of as many others as there is room for, the lowest ranks first."""
    chosen = {place for place, column in enumerate(columns) if not column.rank}
    for place in sorted(set(range(len(columns))) - chosen, key=lambda place: columns[place].rank):
        if _width([columns[one] for one in {*chosen, place}]) <= width:
            chosen.add(place)
    return chosen


def _note(left_out: Sequence[str], width: int) -> list[str]:
    if not left_out:
        return []
    more = [f"and {len(left_out) - _MOST_NAMED} more"] if len(left_out) > _MOST_NAMED else []
    return [fold(f"not shown in {width} columns: {', '.join([*left_out[:_MOST_NAMED], *more])}", width)]


def _rows(columns: Sequence[Column]) -> list[list[str]]:
    return [list(row) for row in zip(*(_marked(column) for column in columns), strict=True)]


def _marked(column: Column) -> list[str]:
    if not column.best:
        return column.cells
    return [f"{cell}{'*' if place in column.best else ' '}" for place, cell in enumerate(column.cells)]


def _narrowed(columns: list[Column], width: int) -> list[Column]:
    """Columns whose longest texts are cut, as far as that helps: the ends of runs' names tell them apart."""
    excess, widths = _width(columns) - width, [_column_width(column) for column in columns]
    texts = [place for place, column in enumerate(columns) if not column.is_number]
    for _ in range(max(excess, 0)):
        widest = max(texts, key=lambda place: widths[place])
        widths[widest] = max(widths[widest] - 1, _NARROWEST)
    return [
        Column(column.title, [_cut_left(cell, room) for cell in column.cells], column.rank)
        if place in texts
        else column
        for place, (column, room) in enumerate(zip(columns, widths, strict=True))
    ]


def _column_width(column: Column) -> int:
    return max(map(text_width, [column.title, *_marked(column)]))


def _width(columns: Sequence[Column]) -> int:
    return sum(map(_column_width, columns)) + len(_GAP) * (len(columns) - 1)


def _aligned(rows: Sequence[Sequence[str]], to_the_right: Sequence[bool]) -> str:
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_GAP.join(map(padded, row, widths, to_the_right)).rstrip() for row in rows)


def _cut(text: str, longest: int) -> str:
    """The beginning of a text, up to the end of a word where that leaves enough."""
    if len(text) <= longest:
        return text
    ends = [end for end in range(longest // 2, longest) if text[end] in _BETWEEN]
    return f"{text[: max(ends, default=longest - 1)]}…"


def _cut_left(text: str, longest: int) -> str:
    """The end of a text, from the beginning of a word where that leaves enough."""
    return f"{_cut(text[::-1], longest)[::-1]}" if len(text) > longest else text
