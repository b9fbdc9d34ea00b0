"""What a published report says, and which configs repeat it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from base.constraints import Length
from base.errors import ConfigError
from utils.config.annotations import arguments_of
from utils.config.composites import Record
from utils.config.files import read_object
from utils.config.words import Mistake, report

FOLDER = Path(__file__).parents[2] / "configs" / "experiments"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One published run.

    study: what is varied.
    setting: how.
    config: the config, beside this file and without .json, that repeats it as it was set.
    best: the config of ours at its best, with the same architecture and epochs.
    published: the figures that were published, by name.
    note: what should be known to compare the two.
    """

    study: str
    setting: str
    config: str
    best: str
    published: dict[str, float]
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A published report.

    title: its name.
    about: what its figures are, and what was assumed where it says nothing.
    figures: which figure of our log each of its figures is.
    at: whether its figures are those of the last epoch or of the best.
    rows: its runs.
    """

    title: str
    about: str
    figures: dict[str, str]
    at: Literal["last", "best"]
    rows: Annotated[list[Row], Length(1)]


def report_names() -> list[str]:
    """The reports that there are, such as "A"."""
    return [folder.name.removeprefix("report_").upper() for folder in sorted(FOLDER.glob("report_*"))]


def folder_of(name: str) -> Path:
    """Where a report's files are."""
    return FOLDER / f"report_{name.lower()}"


def read_report(name: str) -> Report:
    """A report by its name. Raises ConfigError for a file that is not right."""
    path = folder_of(name) / "report.yaml"
    mistakes: list[Mistake] = []
    checked = Record(Report, arguments_of).check(read_object(path), "", mistakes)
    if checked is None or mistakes:
        raise ConfigError(report(str(path), mistakes))
    built: Report = checked.build()
    return built
