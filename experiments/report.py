"""Published reports: their figures, and the configs that repeat them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from base.constraints import Length
from base.errors import ConfigError
from utils.config.annotations import arguments_of
from utils.config.composites import ObjectOf
from utils.config.files import read_object
from utils.config.messages import Mistake, report
from utils.config.trainer_settings import PictureName

FOLDER = Path(__file__).parents[1] / "configs" / "experiments"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One published run.

    setting: what is special about it.
    config: the config, beside this file and without .json, that repeats it as it was set.
    best: the config of ours at its best, with the same architecture and epochs.
    published: the figures that were published, by name.
    note: what should be known to compare the two.
    """

    setting: str
    config: str
    best: str
    published: dict[str, float]
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Study:
    """Runs that are compared with each other.

    name: what is varied.
    rows: the runs; the others are compared with the first.
    text: what came of it.
    """

    name: str
    rows: Annotated[list[Row], Length(1)]
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture of a run.

    config: which run's, with the first seed.
    picture: which of its pictures.
    text: what it shows.
    """

    config: str
    picture: PictureName | Literal["tsne", "tsne-test"]
    text: str


@dataclass(frozen=True, kw_only=True)
class Search:
    """A search that was published.

    config: the config that it changes, beside this file.
    search: what it searches, beside this file.
    chosen: the setting that was published as the best, by key path.
    text: what came of it.
    """

    config: str
    search: str
    chosen: dict[str, float]
    text: str


@dataclass(frozen=True, kw_only=True)
class PublishedReport:
    """A published report.

    title: its name.
    about: what its figures are, and what was assumed where it says nothing.
    figures: which figure of our log each of its figures is; the first is what counts.
    at: whether its figures are those of the last epoch or of the best.
    studies: its runs.
    pictures: of what it shows.
    search: its search (null: it has none).
    """

    title: str
    about: str
    figures: dict[str, str]
    at: Literal["last", "best"]
    studies: Annotated[list[Study], Length(1)]
    pictures: list[Shown] = field(default_factory=list)
    search: Search | None = None

    def pictures_of(self, config: str) -> list[str]:
        """The pictures of a run that are shown."""
        return [shown.picture for shown in self.pictures if shown.config == config]


def report_names() -> list[str]:
    """The reports that there are, such as "A"."""
    return [folder.name.removeprefix("report_").upper() for folder in sorted(FOLDER.glob("report_*"))]


def folder_of(name: str) -> Path:
    """The folder of a report's files."""
    return FOLDER / f"report_{name.lower()}"


def read_report(name: str) -> PublishedReport:
    """A report by its name. Raises ConfigError for a file that is not right."""
    path = folder_of(name) / "report.yaml"
    mistakes: list[Mistake] = []
    checked = ObjectOf(PublishedReport, arguments_of).check(read_object(path), "", mistakes)
    if checked is None or mistakes:
        raise ConfigError(report(str(path), mistakes))
    built: PublishedReport = checked.build()
    return built
