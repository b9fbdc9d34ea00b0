"""Run a whole report: its runs, its search, its section of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from base.errors import UserError
from experiments.measured import Measured, MeasuredReport
from experiments.page import markdown
from experiments.pictures import draw_pictures
from experiments.report import PublishedReport, folder_of, read_report, report_names
from experiments.runs import Outcome, outcome
from experiments.searches import find
from logger.console import duration
from trainer.search.optuna_import import require
from utils.config.messages import unknown
from utils.config.parser import ConfigParser
from utils.files import OUTPUT, make_folder, writing
from utils.shell import shell_command

QUIET = ("trainer.verbosity=0", "trainer.save_dir=saved/experiments", "trainer.report=false")


def run_reports(names: Sequence[str], seeds: int, overrides: Sequence[str], output: Path) -> None:
    """Run what is missing of each report, and write `experiments.md`, with its pictures, into the output folder.

    Each run is done with so many seeds, counted from the config's. Raises UserError for a report there is not, or where
    a search needs Optuna and it is not installed, before anything is run.
    """
    reports = [(name.upper(), read_report(_known(name))) for name in names or report_names()]
    if any(report.search for _, report in reports):
        require("optuna")
    make_folder(output)
    sections = []
    for name, report in reports:
        settings = [*QUIET, *overrides]
        found = find(report.search, folder_of(name), settings) if report.search else None
        measured = replace(measure(name, report, seeds, settings), found=found)
        sections.append(measured)
        print(f"report {name}: {len(measured.outcomes)} runs, {duration(measured.seconds)} of training")
        for shortfall in measured.shortfalls():
            print(f"warning: {shortfall}")
    draw_pictures(sections, output)
    path = output / "experiments.md"
    changes = [word for change in overrides for word in ("--set", change)]
    command = shell_command("python", "-m", "experiments", *names, "--seeds", str(seeds), *changes, "-o", str(output))
    with writing(path, OUTPUT):
        path.write_text(markdown(sections, command), encoding="utf-8")
    print(f"written: {path}")


def measure(name: str, report: PublishedReport, seeds: int, overrides: Sequence[str]) -> MeasuredReport:
    """The outcomes of a report's rows; a run that several rows share is done once."""
    done: dict[tuple[str, int], Outcome] = {}

    def get(config: str) -> list[Outcome]:
        path = folder_of(name) / f"{config}.json"
        first = ConfigParser.from_file(path, overrides).resolved["seed"]
        for seed in range(first, first + seeds):
            if (config, seed) not in done:
                pictures = report.pictures_of(config) if seed == first else ()
                done[config, seed] = outcome(path, [*overrides, f"seed={seed}"], pictures)
        return [done[config, seed] for seed in range(first, first + seeds)]

    studies = [[Measured(row, get(row.config), get(row.best)) for row in study.rows] for study in report.studies]
    return MeasuredReport(name, report, studies, done)


def _known(name: str) -> str:
    if name.upper() not in report_names():
        raise UserError(unknown(f"there is no report {name!r}", name.upper(), report_names(), "There are"))
    return name
