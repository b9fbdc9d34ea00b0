"""report.html: everything that a run's files tell, on one page without links to anything outside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from logger.console import duration
from logger.metric_titles import metric_titles
from logger.report.charts import Chart, epoch_charts, step_charts, thinned
from logger.report.classes import read_classes, read_mistakes
from logger.report.config_lines import config_lines, read_settings
from logger.report.diagram import diagram
from logger.report.epochs import epoch_table
from logger.report.gallery import gallery, source_size, within
from logger.report.mistake_tiles import mistake_tiles
from logger.report.overview import (
    commands,
    description,
    digests,
    history,
    parameters,
    seconds_left,
    short_path,
    surroundings,
    tiles,
)
from logger.report.palette import palette
from logger.report.rendering import HERE, SHARED_SCRIPTS, SHARED_STYLES, rendered
from logger.run_files import RunFiles
from utils.files import replace_text

FILE = "report.html"
LARGEST = 4_900_000  # bytes; a mail may take five million
_SCRIPTS, _STYLES = (*SHARED_SCRIPTS, "page.js"), SHARED_STYLES
_MOST_LAYERS = 500


def write_report(files: RunFiles) -> Path:
    """Write the page into the run's log folder, whole or not at all; returns its path. Raises WriteError."""
    path = files.log / FILE
    replace_text(path, report_page(files))
    return path


def report_page(files: RunFiles, largest: int = LARGEST) -> str:
    """The page; its pictures are made smaller or left out where it would have more than so many bytes."""
    contents, pictures = _contents(files), gallery(files)
    said = {"confusion": any(held.has_matrix for held in contents["classes"]), "mistakes": contents["mistake_tiles"]}
    pictures = {name: one for name, one in pictures.items() if not said.get(name)}  # what the page does not draw itself
    page = _render(contents | {"pictures": pictures})
    size = len(page.encode())
    if size <= largest:
        return page
    room = largest - (size - source_size(pictures.values()))
    return _render(contents | {"pictures": within(pictures, room)})


def _contents(files: RunFiles) -> dict[str, Any]:
    summary = files.summary
    best_epoch = summary.best.epoch if summary and summary.best else None
    over_epochs, over_steps = _charts(files, best_epoch)
    settings = read_settings(files.config)
    lines, more_lines = config_lines(settings)
    columns, rows = epoch_table(files.records, best_epoch)
    left, mistakes = seconds_left(files), read_mistakes(files.validation)
    return {
        "name": summary.name if summary else files.log.parent.name,
        "run_id": summary.run_id if summary else files.log.name,
        "summary": summary,
        "state": summary.state if summary else "",
        "left": None if left is None else duration(left),
        "epoch_seconds": max([record.get("seconds", 0.0) for record in files.records[-5:]], default=0),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "tiles": tiles(files),
        "description": description(files, settings),
        "digests": digests(files),
        "commands": commands(files),
        "over_epochs": over_epochs,
        "over_steps": over_steps,
        "data": [chart.data() for chart in (*over_epochs, *over_steps)],
        "columns": columns,
        "rows": rows,
        "best_epoch": best_epoch,
        "classes": [held for held in (read_classes(files.validation, ""), read_classes(files.test, "test")) if held],
        "mistakes": mistakes,
        "mistake_tiles": mistake_tiles(files, mistakes),
        "judged": files.validation,
        "layers": summary.layers[:_MOST_LAYERS] if summary else [],
        "more_layers": max(0, len(summary.layers) - _MOST_LAYERS) if summary else 0,
        "parameters": parameters(summary) if summary else 0,
        "diagram": diagram(summary) if summary else None,
        "config": lines,
        "more_config": more_lines,
        "starts": history(files.environment),
        "environment": surroundings(files.environment),
        "log": short_path(files.log),
        "models": short_path(files.models),
    }


def _charts(files: RunFiles, best_epoch: int | None) -> tuple[list[Chart], list[Chart]]:
    titles = metric_titles(files.config.get("metrics"))
    charts = thinned([*epoch_charts(files.records, best_epoch, titles), *step_charts(files.steps)])
    over_epochs = [chart for chart in charts if chart.over == "epoch"]
    return over_epochs, [chart for chart in charts if chart.over == "step"]


def _render(contents: dict[str, Any]) -> str:
    styles, scripts = ([HERE / name for name in names] for names in (_STYLES, _SCRIPTS))
    return rendered(HERE / "page.html", styles, scripts, palette(), contents)
