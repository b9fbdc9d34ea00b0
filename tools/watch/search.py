"""A search as the list and its own page show it, from results.csv and what else it writes."""

from __future__ import annotations

import csv
import math
import os
import time
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.watch.row import Row, finite, sparkline
from trainer.search.state import FILE
from utils.files import read_object, read_plain

_STILL = 20  # seconds without a change in its folder, after which a search that says it runs was killed
STATE, VALUE = 1, 2  # columns of results.csv
Table = list[list[str]]


def search_row(name: str, folder: Path, trials: Sequence[Row]) -> Row:
    """A search's state, how many settings came to which end, the best of them, and its results as a sparkline."""
    held, table = read_object(folder / FILE), results(folder)
    metric = table[0][VALUE] if table else str(held.get("metric", ""))
    done = [(place, number(line[VALUE])) for place, line in enumerate(table[1:]) if line[STATE] == "done"]
    known = [value for _, value in done if math.isfinite(value)]
    mode = held.get("mode") if held.get("mode") in ("min", "max") else next((row["mode"] for row in trials), "max")
    settings = held.get("settings")
    return {
        "id": name,
        "name": folder.name,
        "state": _state(folder, held.get("state"), trials),
        "ended": dict(Counter(line[STATE] for line in table[1:])),
        "settings": settings if isinstance(settings, int) else None,
        "metric": metric,
        "mode": mode,
        "best": finite((min if mode == "min" else max)(known)) if known else None,
        "points": sparkline(done),
    }


def results(folder: Path) -> Table:
    """The lines of results.csv with the head; none where there is no such table."""
    path = folder / "results.csv"
    try:
        facts = path.stat()
    except OSError:
        return []
    return _results(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=256)
def _results(path: Path, changed: int, size: int) -> Table:
    try:
        lines = list(csv.reader(read_plain(path).decode(errors="replace").splitlines()))
    except (OSError, csv.Error):
        return []
    return [line for line in lines if len(line) == len(lines[0]) > VALUE]


def _state(folder: Path, said: Any, trials: Sequence[Row]) -> str:
    """running, done, stopped, killed where it says that it runs and nothing happens; ended where it says nothing."""
    if any(row["state"] == "running" for row in trials):
        return "running"
    if said != "running":
        return str(said) if said in ("done", "stopped") else "ended"
    return "running" if time.time() - _changed(folder) < _STILL else "killed"


def _changed(folder: Path) -> float:
    try:
        with os.scandir(folder) as entries:
            return max((entry.stat().st_mtime for entry in entries), default=0.0)
    except OSError:
        return 0.0


def number(text: str) -> float:
    """A cell as a number; nan for what is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
