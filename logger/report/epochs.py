"""The figures of the epochs as a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from base.base_trainer import Record
from logger.figures import figure_text

_MOST_CELLS, _MOST_ROWS, _FEWEST_ROWS = 4000, 100, 10
_WHOLE = ("epoch", "step")


def epoch_table(records: Sequence[Record], best_epoch: int | None) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows: of many epochs some, with the first, the best and the last."""
    names = list(dict.fromkeys(name for record in records for name in record))
    most = max(_FEWEST_ROWS, min(_MOST_ROWS, _MOST_CELLS // max(1, len(names))))
    places = set(np.linspace(0, max(0, len(records) - 1), min(most, len(records))).round().astype(int).tolist())
    shown = (record for place, record in enumerate(records) if place in places or record["epoch"] == best_epoch)
    return names, [[_text(name, record) for name in names] for record in shown]


def _text(name: str, record: Record) -> str:
    if name not in record:
        return ""
    return f"{record[name]:.0f}" if name in _WHOLE else figure_text(record[name])
