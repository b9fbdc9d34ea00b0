"""The pages: the list of runs, a comparison of some, that of a run, that of a search."""

from __future__ import annotations

import math
import os
from pathlib import Path
from urllib.parse import urlencode

from base.errors import UserError
from logger.comparison.curves import MOST_RUNS
from logger.comparison.differences import differences
from logger.comparison.page import comparison_page
from logger.comparison.run import Run
from logger.report.images import data_url, size_of
from logger.report.overview import short_path
from logger.report.page import FILE as REPORT
from logger.report.page import report_page
from logger.report.palette import palette
from logger.report.rendering import HERE as SHARED
from logger.report.rendering import rendered
from logger.run_files import RunFiles
from tools.watch.find import is_below
from tools.watch.row import Row
from tools.watch.search import STATE, VALUE, Table, number, results
from trainer.checkpoints.run_lock import is_trained_in
from trainer.compare import curves_of, filled
from trainer.search.tables import PICTURES
from utils.files import read_plain

_HERE = Path(__file__).parent
_MOST_ROWS = 500
# A page in a run's folder may be somebody else's: it runs apart from this server's pages, and reaches nothing.
APART = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"
)


def list_page(root: Path) -> str:
    """The page that asks for the list of runs again and again, and shows it."""
    contents = {"root": str(short_path(root.absolute())), "most": MOST_RUNS}
    return _page("list.html", ["list.css"], ["choices.js", "rows.js", "list.js"], contents)


def run_page(files: RunFiles, root: Path) -> str:
    """The page of a run: its file or, where there is none, one that is made now. Raises UserError."""
    path = files.log / REPORT
    if not is_below(path, root) or not is_below(files.log, root):
        raise UserError(f"{path} lies outside of {root}, and is not shown; open it as a file")
    if path.is_file():
        try:
            return read_plain(path).decode(errors="replace")
        except OSError as error:
            raise UserError(f"{path}: cannot be read: {error.strerror or error}") from error
    _expect_no_links(files.log)
    return report_page(files)


def compared_page(names: list[str], found: list[RunFiles]) -> str:
    """The comparison of runs, with links to their pages."""
    runs = [Run(files, is_trained_in(files.models)) for files in found]
    differing = differences([_filled(run.files) for run in runs])
    links = [f"report?{urlencode({'run': name})}" for name in names]
    return comparison_page(runs, curves_of(runs, differing), differing, links)


def search_page(folder: Path, row: Row, trials: list[Row], root: Path) -> str:
    """The page of a search: its settings, the best first, and its pictures. Raises UserError."""
    if not is_below(folder, root):
        raise UserError(f"{folder} lies outside of {root}, and is not shown")
    head, *lines = _shown_columns(results(folder)) or [[]]
    sign = 1 if row["mode"] == "min" else -1
    ranked = sorted(lines, key=lambda line: _rank(line, sign))
    runs = {trial["run"]: f"report?{urlencode({'run': trial['id']})}" for trial in trials}
    contents = {
        "row": row,
        "head": head,
        "lines": ranked[:_MOST_ROWS],
        "more": max(0, len(ranked) - _MOST_ROWS),
        "runs": runs,
        "pictures": list(_pictures(folder)),
        "folder": short_path(folder.absolute()),
        "has_best": (folder / "best_config.json").is_file(),
    }
    return _page("search.html", ["list.css"], [], contents)


def _page(template: str, styles: list[str], scripts: list[str], contents: dict[str, object]) -> str:
    own = [_HERE / name for name in scripts]
    return rendered(
        _HERE / template,
        [SHARED / "style.css", *(_HERE / name for name in styles)],
        [SHARED / "theme_button.js", *own],
        palette(),
        contents,
    )


def _shown_columns(table: Table) -> Table:
    """A table without columns that say nothing: empty ones, and the results by seed where there is one seed alone."""
    head, *lines = table or [[]]
    seeds = [title for title in head if title.startswith("seed ")]
    kept = [
        place
        for place, title in enumerate(head)
        if place <= VALUE or (any(line[place] for line in lines) and (title not in seeds or len(seeds) > 1))
    ]
    return [[_short(line[place]) for place in kept] for line in table]


def _short(cell: str) -> str:
    value = number(cell)
    return cell if math.isnan(value) or len(cell) < 8 else f"{value:.5g}"


def _rank(line: list[str], sign: int) -> tuple[bool, float]:
    """Settings that are done come first, the best before others."""
    value = number(line[VALUE])
    return line[STATE] != "done", math.inf if math.isnan(value) else sign * value


def _filled(files: RunFiles) -> dict[str, object]:
    """A run's config with all defaults; as it is where that would import modules, whose code would run here."""
    return files.config if files.config.get("imports") else filled(files)


def _pictures(folder: Path) -> list[tuple[str, str, int, int]]:
    """The pictures of a search: title, address, width and height."""
    found = []
    for name, title in PICTURES.items():
        path = folder / f"{name}.png"
        if path.is_symlink() or not path.is_file():
            continue
        png = read_plain(path)
        size = size_of(png)
        if size:
            found.append((title, data_url(png), *size))
    return found


def _expect_no_links(folder: Path) -> None:
    with os.scandir(folder) as entries:
        links = [entry.path for entry in entries if entry.is_symlink()]
    if links:
        raise UserError(f"{links[0]} is a link, which may lead anywhere: the page of this run is not made from it")
