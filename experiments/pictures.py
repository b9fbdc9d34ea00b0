"""The pictures of the page: one for each study, and those that runs have left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.measured import Measured, MeasuredReport
from experiments.runs import Outcome
from logger.pictures.small import copy_small
from logger.pictures.study import StudyLine, draw_study
from logger.step_history import read_steps
from utils.files import OUTPUT, make_folder

FOLDER = "images/experiments"  # beside the page
SEARCH_PICTURES = {
    "heat_map": "The two keys that matter most, and the mean over the others",
    "parallel": "Each setting as a line, the best the darkest",
}


def draw_pictures(reports: Sequence[MeasuredReport], output: Path) -> None:
    """Draw all into `FOLDER` of a folder. Raises WriteError."""
    folder = output / FOLDER
    make_folder(folder)
    for measured in reports:
        for index, (study, rows) in enumerate(measured.studies):
            path = folder / study_picture(measured, index)
            figure = measured.report.figures[measured.counted]
            draw_study(_lines(rows), figure, study.name, path)
            copy_small(path, path, OUTPUT)
        for shown in measured.report.pictures:
            source = _first(measured, shown.config).folder.log / f"{shown.picture}.png"
            if source.is_file():
                copy_small(source, folder / run_picture(measured, shown.config, shown.picture), OUTPUT)
        if measured.found:
            for name in SEARCH_PICTURES:
                copy_small(measured.found.folder / f"{name}.png", folder / search_picture(measured, name), OUTPUT)


def study_picture(measured: MeasuredReport, index: int) -> str:
    """The file of a study's picture."""
    return f"report_{measured.name.lower()}_study_{index + 1}.png"


def run_picture(measured: MeasuredReport, config: str, picture: str) -> str:
    """The file of a run's picture."""
    return f"report_{measured.name.lower()}_{config}_{picture}.png"


def search_picture(measured: MeasuredReport, name: str) -> str:
    """The file of a search's picture."""
    return f"report_{measured.name.lower()}_search_{name}.png"


def _lines(rows: Sequence[Measured]) -> list[StudyLine]:
    lines = [_line(measured.row.setting, measured.same[0]) for measured in rows]
    best = {measured.row.best: measured.best[0] for measured in rows}
    names = ["ours at its best"] if len(best) == 1 else [f"ours: {name.replace('_', ' ')}" for name in best]
    return lines + [_line(name, outcome, True) for name, outcome in zip(names, best.values(), strict=True)]


def _line(label: str, outcome: Outcome, reference: bool = False) -> StudyLine:
    return StudyLine(label, read_steps(outcome.folder.log / "steps.csv"), outcome.records, reference)


def _first(measured: MeasuredReport, config: str) -> Outcome:
    """The run of a config with its first seed."""
    return next(outcome for (name, _), outcome in measured.outcomes.items() if name == config)
