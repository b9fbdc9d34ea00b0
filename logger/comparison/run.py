"""A run as comparisons show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from base.base_trainer import Record
from base.monitor import Monitor
from logger.comparison.numbers import count, numbers
from logger.run_files import RunFiles

_COUNTS = ("epoch", "step", "seconds", "lr")
_NO_SCORES = ("epoch", "n_samples")


@dataclass(frozen=True)
class Run:
    """A run, as far as its files tell; `training` says that a process trains in its folder now."""

    files: RunFiles
    training: bool = False

    @cached_property
    def name(self) -> str:
        """The config's name."""
        name = self.config.get("name")
        return name if isinstance(name, str) else self.files.log.parent.name

    @property
    def run_id(self) -> str:
        """The name of its folders."""
        return self.files.log.name

    @cached_property
    def config(self) -> dict[str, Any]:
        """The config as the run has left it; empty where it is not there."""
        return self.files.config

    @property
    def records(self) -> list[Record]:
        """The figures of each epoch, without what is no number."""
        return self.files.records

    @cached_property
    def monitor(self) -> Monitor:
        """The best epoch, and the metric that it is best by."""
        mode, metric = self._watched()
        monitor = Monitor(mode, metric, patience=None)
        for record in self.records:
            if metric in record:
                monitor.update(int(record["epoch"]), record)
        best = getattr(self.files.summary, "best", None)
        if monitor.best is None and best and (known := numbers(vars(best))).keys() == {"epoch", "value"}:
            monitor.load_state_dict({"best": known["value"], "best_epoch": count(known["epoch"]), "stale": 0})
        return monitor

    @cached_property
    def figures(self) -> Record:
        """The figures of the best epoch, or of the last where none is best, with those of test.py as `test_`."""
        best, metric = self.monitor.best, self.monitor.metric
        chosen = [record for record in self.records if record["epoch"] == self.monitor.best_epoch]
        record = (chosen or self.records or [{}])[-1]
        known = {} if best is None else {metric: best}
        tested = {f"test_{name}": value for name, value in numbers(self.files.test).items() if name not in _NO_SCORES}
        return {name: value for name, value in record.items() if name not in _COUNTS} | known | tested

    @property
    def tested_epoch(self) -> int | None:
        """The epoch of the checkpoint that test.py scored."""
        return count(self.files.test.get("epoch"))

    @cached_property
    def epoch(self) -> int:
        """The number of epochs done."""
        counted = count(getattr(self.files.summary, "epoch", None)) or 0
        return max([int(record["epoch"]) for record in self.records], default=counted)

    @cached_property
    def epochs(self) -> int | None:
        """The number of epochs planned."""
        return count(getattr(self.files.summary, "epochs", None)) or count(_section(self.config).get("epochs"))

    @cached_property
    def state(self) -> str:
        """running, done, stopped early, stopped, pruned, or killed: it ended without a word."""
        known = getattr(self.files.summary, "state", None)
        if self.training:
            return "running"
        if known == "running":
            return "killed"
        if isinstance(known, str):
            return known
        return "done" if self.epochs and self.epoch >= self.epochs else "stopped"

    @cached_property
    def seconds(self) -> float | None:
        """The seconds that it took."""
        return self.files.seconds

    @cached_property
    def started(self) -> datetime | None:
        """The start, in local time."""
        try:
            return datetime.fromisoformat(self.files.environment["started"]).astimezone()
        except (KeyError, TypeError, ValueError, OverflowError):
            return _changed(self.files.models / "config.json") or _changed(self.files.log)

    def _watched(self) -> tuple[str, str]:
        summary = self.files.summary
        if summary and isinstance(summary.mode, str) and isinstance(summary.figure, str):
            return summary.mode, summary.figure
        asked = _section(self.config).get("monitor")
        if asked == "off":
            return "off", ""
        mode, _, metric = asked.partition(" ") if isinstance(asked, str) else ("", "", "")
        if mode in ("min", "max") and metric:
            return mode, metric
        validated = any("val_loss" in record for record in self.records)
        return "min", "val_loss" if validated else "loss"


def _section(config: Mapping[str, Any]) -> Mapping[str, Any]:
    section = config.get("trainer")
    return section if isinstance(section, dict) else {}


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except (OSError, OverflowError, ValueError):
        return None
