"""The page of a comparison: one file that needs no other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from logger.comparison.chart import chart, dash_of
from logger.comparison.curves import Curve, panels_of
from logger.comparison.differences import Differences, short_names
from logger.comparison.run import Run
from logger.comparison.table import Column, details
from logger.files import OUTPUT, replace_text

NAME = "comparison.html"
_MOST_SIDE_BY_SIDE = 6


def write_page(runs: Sequence[Run], curves: Sequence[Curve], differing: Differences, folder: Path) -> Path:
    """Write `comparison.html`: what came of runs, how their configs differ, their curves. Raises WriteError."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    charts = [chart(figure, title, curves) for row in panels_of(curves) for figure, title in row]
    short = short_names(list(differing))
    page = environment.get_template("page.html").render(
        title=f"{len(runs)} runs compared" if len(runs) > 1 else f"Run {runs[0].run_id}",
        runs=[
            {"label": curve.label, "color": curve.color, "dash": dash_of(curve), "link": _report(run, folder)}
            for run, curve in zip(runs, curves, strict=False)
        ],
        count=len(runs),
        facts=details(runs),
        differing=[Column(short[key], values, full_title=key) for key, values in differing.items()],
        charts=[one for one in charts if one],
        side_by_side=len(runs) <= _MOST_SIDE_BY_SIDE,
    )
    path = folder / NAME
    replace_text(path, page, OUTPUT)
    return path


def _report(run: Run, folder: Path) -> str | None:
    """The way from a page to the run's own, if it has one."""
    report = run.files.log / "report.html"
    return quote(os.path.relpath(report, folder).replace(os.sep, "/")) if report.is_file() else None
