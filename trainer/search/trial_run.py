"""One run of a trial: begun, continued where its worker died, or found finished."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

from base.errors import UserError, WriteError
from base.monitor import Monitor
from base.stop import Stop
from logger.run_files import RunFiles
from logger.summary import read_summary
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.resume import Plan, find_checkpoint, plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.checkpoints.run_lock import training_in
from trainer.search.trial_report import TrialReport
from trainer.start import train
from utils.config.parser import ConfigParser


@dataclass(frozen=True)
class TrialRun:
    """A config, and the folder that its run has or, where it is new, will have; `checkpoint` is where it came to."""

    config: ConfigParser
    folder: RunFolder
    checkpoint: Checkpoint | None
    new: bool

    def result(self, report: TrialReport, stop: Stop) -> float:
        """Train what is left of it; its best figure."""
        if self.checkpoint is not None:
            for record in RunFiles(self.folder.models, self.folder.log).records[: self.checkpoint.meta["epoch"]]:
                report.report(record)
            if self._finished(self.checkpoint.meta) and RunFiles(self.folder.models, self.folder.log).is_complete:
                return float(self.checkpoint.meta["monitor"]["best"])
        from optuna import TrialPruned

        try:
            train(self._plan(), self.folder.run_id if self.new else None, tsne=False, callbacks=[report], stop=stop)
        except TrialPruned:
            self._say_pruned()
            raise
        assert report.best is not None
        return report.best

    def _say_pruned(self) -> None:
        summary = read_summary(self.folder.log)
        if summary is not None:
            replace(summary, state="pruned").write(self.folder.log)

    def _plan(self) -> Plan:
        if self.checkpoint is None:
            return Plan(self.config, folder=None if self.new else self.folder)
        settings = self.config.resolved["trainer"]
        return plan(None, str(self.folder.models), [f"trainer.threads={settings['threads']}"])

    def _finished(self, meta: dict[str, Any]) -> bool:
        settings = self.config.resolved["trainer"]
        mode, _, metric = settings["monitor"].partition(" ")
        monitor = Monitor(mode, metric, settings["early_stop"], settings["min_delta"])
        monitor.load_state_dict(meta["monitor"])
        return meta["epoch"] >= settings["epochs"] or monitor.should_stop


def find_run(config: ConfigParser, stem: str) -> TrialRun:
    """The run of this config that bears the name, with a number where that is taken; a new one where there is none."""
    save_dir, name = config.save_dir, config.resolved["name"]
    for attempt in itertools.count(1):
        folder = RunFolder(save_dir, name, stem if attempt == 1 else f"{stem}-{attempt}")
        if not folder.models.exists() and not folder.log.exists():
            return TrialRun(config, folder, None, new=True)
        if _is_free(folder):
            checkpoint = load_checkpoint(find_checkpoint(str(folder.models), None)) if folder.last.is_file() else None
            if checkpoint is None or _same(checkpoint.meta["config"], config.resolved):
                return TrialRun(config, folder, checkpoint, new=False)
    raise AssertionError


def _is_free(folder: RunFolder) -> bool:
    """True if the run is there, whole, and nobody trains it."""
    try:
        with training_in(folder.models):
            return not folder.last.is_file() or bool(load_checkpoint(folder.last))
    except (UserError, WriteError):
        return False


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    without = [config | {"trainer": config["trainer"] | {"threads": None}} for config in (one, other)]
    return without[0] == without[1]
