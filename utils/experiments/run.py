"""All of a report: its runs, its table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from base.errors import UserError
from logger.console import duration
from logger.files import OUTPUT, make_folder, writing
from utils.config.words import unknown
from utils.config_parser import ConfigParser
from utils.experiments.report import Report, folder_of, read_report, report_names
from utils.experiments.runs import Outcome, outcome
from utils.experiments.table import Measured, markdown, shortfalls

QUIET = ("trainer.verbosity=0", "trainer.save_dir=saved/experiments")


def run_reports(names: Sequence[str], seeds: int, overrides: Sequence[str], output: Path) -> None:
    """Run what is missing of each report, and write its table as `report_<name>.md` into the output folder.

    Ours at its best is run with so many seeds, counted from the config's. Raises UserError for a report there is not,
    before anything is run.
    """
    reports = [(name, read_report(_known(name))) for name in names or report_names()]
    make_folder(output)
    for name, report in reports:
        rows = measure(name, report, seeds, [*QUIET, *overrides])
        path = output / f"report_{name.lower()}.md"
        with writing(path, OUTPUT):
            path.write_text(markdown(report, rows), encoding="utf-8")
        spent = sum({it.folder.log: it.seconds for row in rows for it in (row.same, *row.best)}.values())
        print(f"report {name.upper()}: {len(rows)} rows, {duration(spent)} of training; written: {path}")
        for shortfall in shortfalls(report, rows):
            print(f"warning: {shortfall}")


def measure(name: str, report: Report, seeds: int, overrides: Sequence[str]) -> list[Measured]:
    """The outcomes of a report's rows; a run that several rows share is done once."""
    done: dict[tuple[str, int], Outcome] = {}

    def get(config: str, extra: int) -> Outcome:
        if (config, extra) not in done:
            path = folder_of(name) / f"{config}.json"
            seed = ConfigParser.from_file(path, overrides).resolved["seed"] + extra
            done[config, extra] = outcome(path, [*overrides, f"seed={seed}"])
        return done[config, extra]

    return [Measured(row, get(row.config, 0), [get(row.best, extra) for extra in range(seeds)]) for row in report.rows]


def _known(name: str) -> str:
    if name.upper() not in report_names():
        raise UserError(unknown(f"there is no report {name!r}", name.upper(), report_names(), "There are"))
    return name
