"""Runs side by side, or in a list."""

from __future__ import annotations

import itertools
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from base.errors import ConfigError
from logger.comparison.curves import MOST_RUNS, Curve
from logger.comparison.differences import Differences, differences, labels
from logger.comparison.order import in_order, sorted_figure
from logger.comparison.page import write_page
from logger.comparison.run import Run
from logger.comparison.table import comparison, details, overview
from logger.comparison.text import columns_table, lines_table
from logger.pictures.comparison import draw_comparison
from logger.run_files import RunFiles
from logger.setup import run_log
from trainer.checkpoints.find_runs import find_runs
from trainer.checkpoints.run_folder import DEFAULT_SAVE_DIR
from trainer.checkpoints.run_lock import is_trained_in
from utils.config.limits import check_extent
from utils.config.parser import ConfigParser
from utils.files import OUTPUT, make_folder
from utils.screen import columns

LOG = logging.getLogger(__name__)


def compare(wanted: list[str], sort: str | None, top: int | None, output: str | None) -> None:
    """Print a comparison of the runs meant, or a list where a folder above runs is meant; write page and picture.

    For a list they are written only where `output` says where. Raises UserError and WriteError.
    """
    found, one_by_one = find_runs(wanted)
    runs = [Run(files, is_trained_in(files.models)) for files in found]
    if sort or not one_by_one:
        runs = in_order(runs, sort or "date")
    runs = runs[:top]
    width = columns(sys.stdout)
    with run_log(None, 1):
        LOG.info(_comparison(runs, width) if one_by_one else _overview(runs, len(found), sort, width))
        if one_by_one or output:
            _write(runs, _new_folder() if output is None else Path(output))


def _overview(runs: list[Run], count: int, sort: str | None, width: int) -> str:
    metric = sorted_figure(sort) if sort else None
    table = lines_table(overview(runs, metric or sort), width)
    shown = f"{len(runs)} of {count}" if len(runs) < count else str(count)
    return f"{table}\n{shown} run{'s' if count > 1 else ''}"


def _comparison(runs: list[Run], width: int) -> str:
    differing = differences([filled(run.files) for run in runs])
    side_by_side = columns_table(details(runs), differing, width)
    table = side_by_side or lines_table(comparison(runs, differing), width)
    return table if differing or len(runs) == 1 else f"{table}\n\ntheir configs do not differ"


def filled(files: RunFiles) -> dict[str, Any]:
    """A run's config with all defaults, also those that are newer than the run; as it is where it cannot be checked."""
    try:
        check_extent(files.config, "config.json")
    except ConfigError:
        return {}
    try:
        return ConfigParser(files.config).resolved if files.config else {}
    except ConfigError:
        return files.config


def curves_of(runs: Sequence[Run], differing: Differences) -> list[Curve]:
    """The curves of the first runs, as many as can be told apart, labelled by what differs."""
    names = labels([run.name for run in runs], [run.run_id for run in runs], differing)
    return [
        Curve(f"{place + 1}  {name}" if len(runs) > 1 else name, run.records, place)
        for place, (run, name) in enumerate(zip(runs[:MOST_RUNS], names, strict=False))
    ]


def _write(runs: list[Run], folder: Path) -> None:
    make_folder(folder, OUTPUT)
    differing = differences([filled(run.files) for run in runs])
    curves = curves_of(runs, differing)
    page, picture = write_page(runs, curves, differing, folder), folder / "comparison.png"
    drawn = draw_comparison(curves, picture)
    LOG.info("\nwritten: %s%s", page, f" and {picture.name} beside it" if drawn else "")


def _new_folder() -> Path:
    """A folder in saved/compare that is not there yet."""
    stem = time.strftime("%Y%m%d-%H%M%S")
    names = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
    return next(folder for name in names if not (folder := Path(DEFAULT_SAVE_DIR) / "compare" / name).exists())
