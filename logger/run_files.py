"""The files of a run, read back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from base.base_trainer import Record
from base.types import Array
from logger.history import read_records
from logger.step_history import read_steps
from logger.summary import Summary, read_summary
from utils.files import read_object


@dataclass(frozen=True)
class RunFiles:
    """A run by its folders of models and logs; each file is read when it is asked for, once."""

    models: Path
    log: Path

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved config; empty where there is none."""
        return read_object(self.models / "config.json")

    @cached_property
    def summary(self) -> Summary | None:
        """The content of summary.json."""
        return read_summary(self.log)

    @cached_property
    def records(self) -> list[Record]:
        """The figures of each epoch."""
        return read_records(self.log / "metrics.jsonl")

    @cached_property
    def steps(self) -> dict[str, Array]:
        """The figures of each step, by name."""
        return read_steps(self.log / "steps.csv")

    @cached_property
    def environment(self) -> dict[str, Any]:
        """The content of environment.json; empty where it is not known."""
        return read_object(self.log / "environment.json")

    @cached_property
    def validation(self) -> dict[str, Any]:
        """Predictions of the best epoch for the validation data; empty before training ends."""
        return read_object(self.log / "validation.json")

    @cached_property
    def test(self) -> dict[str, Any]:
        """The results of test.py; empty where it was not run."""
        return read_object(self.log / "test.json")

    @cached_property
    def training_seconds(self) -> float:
        """The seconds that its epochs took, without files and pictures."""
        return math.fsum(seconds for record in self.records if math.isfinite(seconds := record.get("seconds", 0.0)))

    @cached_property
    def seconds(self) -> float | None:
        """The seconds that it took; of a run that did not count them, those of its epochs; None without any."""
        known = self.summary.seconds if self.summary else None
        return self.training_seconds or None if known is None else known

    @property
    def is_complete(self) -> bool:
        """False where a run was killed before it had made the pictures and files of its end, or they are gone."""
        made = self.summary.made if self.summary else []
        return made is not None and all((self.log / Path(name).name).is_file() for name in made)

    @cached_property
    def tested(self) -> tuple[str, str]:
        """The checkpoint that test.py scored with its epoch, and when; empty texts where that is not known."""
        known = {name: self.test.get(name) for name in ("checkpoint", "epoch", "time")}
        if not all(isinstance(value, str | int) for value in known.values()):
            return "", ""
        return f"{known['checkpoint']}, epoch {known['epoch']}", str(known["time"])[:16].replace("T", " ")

    def picture(self, name: str) -> Path | None:
        """A picture of the run, by its file's name without .png, if there is one."""
        path = self.log / f"{name}.png"
        return path if path.is_file() else None
