"""The runs behind a row: done once, continued where they were stopped, used again."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from base.base_trainer import Record
from base.errors import NonFiniteError
from logger.history import read_records
from logger.summary import read_summary
from trainer.checkpoints.resume import plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.score import score
from trainer.start import train
from utils.config.parser import ConfigParser
from utils.files import replace_text

FINISHED = ("done", "stopped early")
FAILURE = "failure.txt"
TSNE = ("tsne", "tsne-test")


@dataclass(frozen=True)
class Outcome:
    """The figures of a run's epochs, and why it ended before the last, if it did."""

    folder: RunFolder
    records: list[Record]
    failure: str | None

    @property
    def last(self) -> Record:
        """The last epoch's figures; none where none was finished."""
        return self.records[-1] if self.records else {}

    @property
    def best(self) -> Record:
        """The figures of the best epoch by the run's own choice."""
        summary = read_summary(self.folder.log)
        epoch = summary.best.epoch if summary and summary.best else None
        return next((record for record in self.records if record["epoch"] == epoch), self.last)

    @property
    def seconds(self) -> float:
        """Seconds of training."""
        return sum(record["seconds"] for record in self.records)


def outcome(config: Path, overrides: Sequence[str], pictures: Sequence[str] = ()) -> Outcome:
    """The finished run of a config; one that is not there is trained first, one that was stopped goes on.

    A run is known by its resolved config, so a config that has changed since is run again. It draws the pictures named,
    "tsne" and "tsne-test" among them. Numbers that are not finite are an outcome too.
    """
    settings = [*overrides, f"trainer.pictures={json.dumps([name for name in pictures if name not in TSNE])}"]
    parser = ConfigParser.from_file(config, settings)
    folder = _folder(parser)
    summary = read_summary(folder.log)
    if (summary is None or summary.state not in FINISHED) and not (folder.log / FAILURE).exists():
        _train(config, settings, folder, "tsne" in pictures)
    if "tsne-test" in pictures and not (folder.log / "tsne-test.png").exists():
        score(None, str(folder.best), [], tsne=True, verbosity=0)
    failure = folder.log / FAILURE
    records = read_records(folder.log / "metrics.jsonl")
    return Outcome(folder, records, failure.read_text(encoding="utf-8") if failure.exists() else None)


def _train(config: Path, overrides: Sequence[str], folder: RunFolder, tsne: bool) -> None:
    print(f"{folder.models} ...", flush=True)
    try:
        if folder.models.exists():
            train(plan(None, str(folder.models), []), None, tsne)
        else:
            train(plan(str(config), None, overrides), folder.run_id, tsne)
    except NonFiniteError as error:
        replace_text(folder.log / FAILURE, str(error))


def _folder(parser: ConfigParser) -> RunFolder:
    """The folder of a config's run, made or to be made: not one killed before its first checkpoint."""
    resolved = parser.resolved
    told = resolved | {"trainer": resolved["trainer"] | {"threads": None}}  # which never change a result
    key = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:8]
    stem = f"seed{resolved['seed']}-{key}"
    ids = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
    folders = (RunFolder(parser.save_dir, resolved["name"], run_id) for run_id in ids)
    return next(it for it in folders if not it.models.exists() or it.newest() or (it.log / FAILURE).exists())
