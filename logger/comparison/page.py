"""The page of a comparison: one file that needs no other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from logger.comparison.charts import comparison_charts, look
from logger.comparison.curves import Curve
from logger.comparison.differences import Differences, short_names
from logger.comparison.run import Run
from logger.comparison.table import Column, details
from logger.pictures.style import CLASS_COLORS
from logger.report.overview import Tile
from logger.report.palette import lighter
from logger.report.rendering import HERE as SHARED
from logger.report.rendering import SHARED_SCRIPTS, SHARED_STYLES, rendered
from utils.files import OUTPUT, replace_text

FILE = "comparison.html"
_HERE = Path(__file__).parent
_MOST_SIDE_BY_SIDE = 6
_MOST_TILES = 4


def write_page(runs: Sequence[Run], curves: Sequence[Curve], differing: Differences, folder: Path) -> Path:
    """Write `comparison.html`: what came of runs, how their configs differ, their curves. Raises WriteError."""
    path = folder / FILE
    replace_text(path, comparison_page(runs, curves, differing, [_report(run, folder) for run in runs]), OUTPUT)
    return path


def comparison_page(
    runs: Sequence[Run], curves: Sequence[Curve], differing: Differences, links: Sequence[str | None]
) -> str:
    """The page, with a link to each run's own where it has one."""
    return _render(_contents(runs, curves, differing, links))


def _contents(
    runs: Sequence[Run], curves: Sequence[Curve], differing: Differences, links: Sequence[str | None]
) -> dict[str, Any]:
    charts, facts = comparison_charts(curves), details(runs)
    short = short_names(list(differing))
    return {
        "title": f"{len(runs)} runs compared" if len(runs) > 1 else f"Run {runs[0].run_id}",
        "tiles": _tiles(runs, facts),
        "looks": [look(curve, np.empty(0)) for curve in curves],
        "links": links,
        "facts": facts,
        "differing": [Column(short[key], values, full_title=key) for key, values in differing.items()],
        "charts": charts,
        "data": [chart.data() for chart in charts],
        "side_by_side": len(runs) <= _MOST_SIDE_BY_SIDE,
    }


def _render(contents: dict[str, Any]) -> str:
    styles = [*(SHARED / name for name in SHARED_STYLES), _HERE / "page.css"]
    scripts = [*(SHARED / name for name in SHARED_SCRIPTS), _HERE / "page.js"]
    colors = [(color, lighter(color)) for color in CLASS_COLORS]
    return rendered(_HERE / "page.html", styles, scripts, colors, contents)


def _tiles(runs: Sequence[Run], facts: Sequence[Column]) -> list[Tile]:
    """The figures that matter: the best of each that one run is best by, those that runs watch first."""
    names = next(column.cells for column in facts if column.title == "run")
    found = [(column.title, min(column.best), len(column.best), column) for column in facts if column.best]
    best = [
        Tile(f"best {title}", column.cells[place], names[place] + (f" and {count - 1} more" if count > 1 else ""))
        for title, place, count, column in found
    ]
    return best[:_MOST_TILES]


def _report(run: Run, folder: Path) -> str | None:
    """The way from a page to the run's own, if it has one."""
    report = run.files.log / "report.html"
    if not report.is_file():
        return None
    try:
        return quote(os.path.relpath(report, folder).replace(os.sep, "/"))
    except ValueError:  # on another drive
        return report.as_uri()
